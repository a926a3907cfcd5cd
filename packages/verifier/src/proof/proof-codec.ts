/**
 * The one encoding of a proof. The decoder is total: any bytes give a proof or a typed error, in time and memory linear
 * in their number. It checks the form only; whether the lists have the right lengths is for the verifier.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { reject } from '../errors.ts'
import { extWords } from '../hash/bytes.ts'
import type { Digest } from '../hash/hasher.ts'
import { DIGEST_BYTES } from '../hash/hasher.ts'
import { hasherWithId } from '../hash/hashers.ts'
import { decodeProgramKey, encodeProgramKey } from '../key/program-key.ts'
import type { TreeOpening } from '../merkle/multi-proof.ts'
import { ByteSink, ByteSource } from './byte-stream.ts'
import type { InstanceClaim, Proof, ShardProof } from './proof.ts'

const MAGIC = utf8ToBytes('zisk-proof')
export const PROOF_VERSION = 2

/** The bytes of a proof. */
export function encodeProof(proof: Proof): Uint8Array {
  const sink = new ByteSink()
  sink.bytes(MAGIC)
  sink.u8(PROOF_VERSION)
  sink.u8(proof.profile)
  sink.u8(proof.hash)
  sink.bytes(proof.setupDigest)
  sink.block(encodeProgramKey(proof.programKey))
  writeWords(sink, proof.publics)
  writeWords(sink, proof.proofValues)
  sink.u32(proof.shards.length)
  for (const shard of proof.shards) writeShard(sink, shard)
  return sink.finish()
}

/** Reads a proof. @throws VerificationError when the bytes are not the encoding of one. */
export function decodeProof(bytes: Uint8Array): Proof {
  const source = new ByteSource(bytes, {
    truncated: 'PROOF_TRUNCATED',
    trailing: 'PROOF_TRAILING_BYTES',
    notCanonical: 'PROOF_NOT_CANONICAL',
  })
  if (bytes.length < MAGIC.length || source.bytes(MAGIC.length).some((byte, i) => byte !== MAGIC[i]))
    reject('PROOF_NOT_RECOGNISED', 'these bytes are no proof')
  const version = source.u8()
  if (version !== PROOF_VERSION)
    reject('PROOF_VERSION_UNSUPPORTED', `expected a proof of version ${PROOF_VERSION}, got ${version}`)
  const profile = source.u8()
  const hash = source.u8()
  const hasher = hasherWithId(hash)
  if (hasher === undefined) reject('PROOF_PARAMETERS_UNKNOWN', `hash ${hash} is not known`)
  const reader = new ProofReader(source, hasher.isDigest)
  const proof = {
    profile,
    hash,
    setupDigest: source.bytes(DIGEST_BYTES),
    programKey: decodeProgramKey(source.block()),
    publics: reader.felts(),
    proofValues: reader.felts(),
    shards: source.list(16, () => reader.shard()),
  }
  source.end()
  return proof
}

function writeShard(sink: ByteSink, shard: ShardProof): void {
  sink.u32(shard.instances.length)
  for (const instance of shard.instances) {
    sink.u32(instance.air)
    sink.u32(instance.segment)
    sink.u8(instance.logRows)
    writeWords(sink, instance.airValues1)
    writeExts(sink, instance.airValues2)
    writeExts(sink, instance.airGroupValues)
  }
  sink.bytes(shard.stage1Root)
  sink.u8(shard.stage2Root === undefined ? 0 : 1)
  if (shard.stage2Root !== undefined) sink.bytes(shard.stage2Root)
  sink.bytes(shard.quotientRoot)
  writeExts(sink, shard.evaluations)
  writeDigests(sink, shard.foldingRoots)
  writeExts(sink, shard.finalPolynomial)
  sink.words([shard.nonce])
  for (const openings of [shard.openings, shard.foldingOpenings]) {
    sink.u32(openings.length)
    for (const { rows, siblings } of openings) {
      writeWords(sink, rows)
      writeDigests(sink, siblings)
    }
  }
}

class ProofReader {
  readonly #source: ByteSource
  readonly #isDigest: (digest: Digest) => boolean

  constructor(source: ByteSource, isDigest: (digest: Digest) => boolean) {
    this.#source = source
    this.#isDigest = isDigest
  }

  felts(): bigint[] {
    return this.#source.list(8, () => this.#source.felt())
  }

  shard(): ShardProof {
    const source = this.#source
    const instances = source.list(21, () => this.#instance())
    const stage1Root = this.#digest()
    const stage2Root = this.#flag() ? { stage2Root: this.#digest() } : {}
    return {
      instances,
      stage1Root,
      ...stage2Root,
      quotientRoot: this.#digest(),
      evaluations: this.#exts(),
      foldingRoots: this.#digests(),
      finalPolynomial: this.#exts(),
      nonce: source.u64(),
      openings: source.list(8, () => this.#opening()),
      foldingOpenings: source.list(8, () => this.#opening()),
    }
  }

  #instance(): InstanceClaim {
    const source = this.#source
    return {
      air: source.u32(),
      segment: source.u32(),
      logRows: source.u8(),
      airValues1: this.felts(),
      airValues2: this.#exts(),
      airGroupValues: this.#exts(),
    }
  }

  #opening(): TreeOpening {
    return { rows: this.#source.words(this.#source.u32()), siblings: this.#digests() }
  }

  #flag(): boolean {
    const flag = this.#source.u8()
    if (flag > 1) this.#source.fail('notCanonical', `expected a flag of 0 or 1, got ${flag}`)
    return flag === 1
  }

  #exts(): ReturnType<ByteSource['ext']>[] {
    return this.#source.list(24, () => this.#source.ext())
  }

  #digests(): Digest[] {
    return this.#source.list(DIGEST_BYTES, () => this.#digest())
  }

  #digest(): Digest {
    return this.#source.digest(this.#isDigest)
  }
}

function writeWords(sink: ByteSink, words: ArrayLike<bigint>): void {
  sink.u32(words.length)
  sink.words(words)
}

function writeExts(sink: ByteSink, exts: ShardProof['evaluations']): void {
  sink.u32(exts.length)
  sink.words(extWords(exts))
}

function writeDigests(sink: ByteSink, digests: readonly Digest[]): void {
  sink.u32(digests.length)
  for (const digest of digests) sink.bytes(digest)
}
