/**
 * The verifying key of a set of AIRs: their constraints, without anything that only a prover needs, and the roots of
 * their fixed columns. It does not depend on a guest program.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { decodePilout, encodePilout, type Pilout } from '@zisk/air'
import { blake3 } from '@zisk/core'
import { reject, VerificationError } from '../errors.ts'
import { ByteSink, ByteSource } from '../proof/byte-stream.ts'
import { type CommitmentRoot, readRoots, writeRoots } from './commitment-root.ts'
import { PROGRAM_PARAMETERS, type ProgramParameter } from './program-key.ts'

/** A public value that is a parameter of the program. */
export interface ProgramValue {
  /** Index among the public values. */
  readonly public: number
  readonly parameter: ProgramParameter
}

/** Key of one set of AIRs. Fixed columns of kind `external` are committed under {@link VerifyingKey.fixedRoots}. */
export interface VerifyingKey {
  readonly program: Pilout
  /** Names of the AIRs that may occur at most once in a run. */
  readonly singles: readonly string[]
  /** Public values that a program fixes: they have to be what the program key says. */
  readonly programValues: readonly ProgramValue[]
  /** Roots of the tree of all committed fixed columns; empty when there are none. */
  readonly fixedRoots: readonly CommitmentRoot[]
}

const MAGIC = utf8ToBytes('zisk-vkey')
const VERSION = 2
const DOMAIN = utf8ToBytes('zisk-setup-v1')

/** The setup digest: what a proof names and the verifier is built with. */
export function setupDigest(encoded: Uint8Array): Uint8Array {
  return blake3(DOMAIN, encoded)
}

/** The bytes of a key, from which its digest is taken. */
export function encodeVerifyingKey(key: VerifyingKey): Uint8Array {
  const sink = new ByteSink()
  sink.bytes(MAGIC)
  sink.u8(VERSION)
  sink.block(encodePilout(key.program))
  sink.u32(key.singles.length)
  for (const name of key.singles) sink.block(utf8ToBytes(name))
  sink.u32(key.programValues.length)
  for (const value of key.programValues) {
    sink.u32(value.public)
    sink.u8(PROGRAM_PARAMETERS.indexOf(value.parameter))
  }
  writeRoots(sink, key.fixedRoots)
  return sink.finish()
}

/** Reads a key. @throws VerificationError VERIFYING_KEY_INVALID. */
export function decodeVerifyingKey(bytes: Uint8Array): VerifyingKey {
  const code = 'VERIFYING_KEY_INVALID'
  const source = new ByteSource(bytes, { truncated: code, trailing: code, notCanonical: code })
  const magic = source.bytes(MAGIC.length)
  if (magic.some((byte, i) => byte !== MAGIC[i]) || source.u8() !== VERSION)
    reject(code, `these bytes are no verifying key of version ${VERSION}`)
  const program = decodeProgram(source.block())
  const singles = source.list(4, () => new TextDecoder().decode(source.block()))
  const programValues = source.list(5, () => readProgramValue(source, program))
  const fixedRoots = readRoots(source)
  source.end()
  return { program, singles, programValues, fixedRoots }
}

function readProgramValue(source: ByteSource, program: Pilout): ProgramValue {
  const value = source.u32()
  const parameter = PROGRAM_PARAMETERS[source.u8()]
  if (value >= program.publics.length || parameter === undefined)
    return reject('VERIFYING_KEY_INVALID', `public value ${value} names no parameter of a program`)
  return { public: value, parameter }
}

function decodeProgram(bytes: Uint8Array): Pilout {
  try {
    return decodePilout(bytes)
  } catch (cause) {
    throw new VerificationError({
      code: 'VERIFYING_KEY_INVALID',
      message: `the constraints cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    })
  }
}
