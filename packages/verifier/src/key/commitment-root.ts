import { DIGEST_BYTES, type Digest } from '../hash/hasher.ts'
import type { ByteSink, ByteSource } from '../proof/byte-stream.ts'

/** Root of columns known before any proof, committed once for each hash and rate. */
export interface CommitmentRoot {
  /** Hasher number. */
  readonly hash: number
  readonly logBlowup: number
  readonly root: Digest
}

/** The root for this hash and rate. */
export function findRoot(
  roots: readonly CommitmentRoot[],
  suite: { readonly hash: number; readonly logBlowup: number },
): Digest | undefined {
  return roots.find((root) => root.hash === suite.hash && root.logBlowup === suite.logBlowup)?.root
}

export function writeRoots(sink: ByteSink, roots: readonly CommitmentRoot[]): void {
  sink.u32(roots.length)
  for (const { hash, logBlowup, root } of roots) {
    sink.u8(hash)
    sink.u8(logBlowup)
    sink.bytes(root)
  }
}

export function readRoots(source: ByteSource): CommitmentRoot[] {
  return source.list(2 + DIGEST_BYTES, () => ({
    hash: source.u8(),
    logBlowup: source.u8(),
    root: source.bytes(DIGEST_BYTES).slice(),
  }))
}
