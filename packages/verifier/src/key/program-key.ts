/**
 * The program key: everything about one guest program that a proof depends on. Its digest is what a verifier is asked
 * to check; the proof carries the key, the verifier hashes it and takes the commitment roots from it.
 */
import { blake3 } from '@noble/hashes/blake3.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { VerificationError } from '../errors.ts'
import { hasherWithId } from '../hash/hashers.ts'
import { ByteSink, ByteSource } from '../proof/byte-stream.ts'
import { type CommitmentRoot, readRoots, writeRoots } from './commitment-root.ts'

/** Commitment to one group of custom columns, such as the program table. */
export interface ProgramCommit {
  /** Name of the custom commit in the PIL program. */
  readonly name: string
  readonly logRows: number
  readonly roots: readonly CommitmentRoot[]
}

/** The parameters of a program key, in the order of its encoding. */
export const PROGRAM_PARAMETERS = ['romFormat', 'memoryMap', 'exitMode'] as const
export type ProgramParameter = (typeof PROGRAM_PARAMETERS)[number]

/** One guest program, transpiled and committed. The three numbers belong to the transpiler. */
export interface ProgramKey extends Readonly<Record<ProgramParameter, number>> {
  readonly commits: readonly ProgramCommit[]
}

/** Key of a PIL program without custom columns. */
export const EMPTY_PROGRAM_KEY: ProgramKey = { romFormat: 0, memoryMap: 0, exitMode: 0, commits: [] }

const DOMAIN = utf8ToBytes('zisk-program-v1')

/** The program digest: 32 bytes that name a program and how it is run. */
export function programDigest(key: ProgramKey): Uint8Array {
  return blake3(concatBytes(DOMAIN, encodeProgramKey(key)))
}

/** The one encoding of a program key. */
export function encodeProgramKey(key: ProgramKey): Uint8Array {
  const sink = new ByteSink()
  for (const parameter of PROGRAM_PARAMETERS) sink.u32(key[parameter])
  sink.u32(key.commits.length)
  for (const { name, logRows, roots } of key.commits) {
    sink.block(utf8ToBytes(name))
    sink.u8(logRows)
    writeRoots(sink, roots)
  }
  return sink.finish()
}

/** Reads a program key. @throws VerificationError PROGRAM_KEY_INVALID. */
export function decodeProgramKey(bytes: Uint8Array): ProgramKey {
  const code = 'PROGRAM_KEY_INVALID'
  const source = new ByteSource(bytes, { truncated: code, trailing: code, notCanonical: code })
  const [romFormat, memoryMap, exitMode] = [source.u32(), source.u32(), source.u32()]
  const commits = source.list(9, () => {
    const name = readName(source.block())
    return { name, logRows: source.u8(), roots: readRoots(source) }
  })
  source.end()
  for (const { roots } of commits)
    for (const { hash } of roots)
      if (hasherWithId(hash) === undefined) throw new VerificationError({ code, message: `hash ${hash} is not known` })
  return { romFormat, memoryMap, exitMode, commits }
}

function readName(bytes: Uint8Array): string {
  const name = new TextDecoder().decode(bytes)
  const again = utf8ToBytes(name)
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i]))
    throw new VerificationError({ code: 'PROGRAM_KEY_INVALID', message: 'the name of a commit is not UTF-8' })
  return name
}
