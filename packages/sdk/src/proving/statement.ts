/**
 * What the public values of a proof say. A proof binds them to its program key; what they have to agree on with the key,
 * such as the memory map, is compared here and never taken from the proof alone.
 */

import { type ExitMode, type MemoryMapName, PUBLIC_OUTPUT_WORDS } from '@zisk/core'
import { type ProgramKey, VerificationError } from '@zisk/verifier'

/** Numbers of the memory maps in a program key. */
export const MEMORY_MAP_NUMBER: Readonly<Record<MemoryMapName, number>> = { 'v0.18': 0, 'v0.12': 1 }
/** Numbers of the exit modes in a program key. */
export const EXIT_MODE_NUMBER: Readonly<Record<ExitMode, number>> = { unbound: 0, bound: 1 }

/** Places of the public values of `pil/zisk.pil` behind the outputs. */
const EXIT_LOW = PUBLIC_OUTPUT_WORDS
const EXIT_HIGH = EXIT_LOW + 1
const OLD_MEMORY_MAP = EXIT_LOW + 2
const PUBLIC_COUNT = EXIT_LOW + 3

/** What a proof states about a run. */
export interface RunStatement {
  /** The 64 public output words. */
  readonly outputs: Uint32Array
  /** 0 when the exit code is not bound. */
  readonly exitCode: bigint
  readonly exitMode: ExitMode
  readonly memoryMap: MemoryMapName
}

/**
 * Reads the public values of a run of the program of this key.
 *
 * @throws VerificationError PROOF_PUBLICS_MISMATCH when they contradict the key, PROGRAM_KEY_INVALID when the key is not
 * one of a ZisK program.
 */
export function readStatement(run: {
  readonly programKey: ProgramKey
  readonly publics: readonly bigint[]
}): RunStatement {
  const { programKey, publics } = run
  const memoryMap = nameOf(MEMORY_MAP_NUMBER, programKey.memoryMap, 'memory map')
  const exitMode = nameOf(EXIT_MODE_NUMBER, programKey.exitMode, 'exit mode')
  if (publics.length !== PUBLIC_COUNT) mismatch(`${PUBLIC_COUNT} public values expected, got ${publics.length}`)
  const isWord = (value: bigint): boolean => value >> 32n === 0n
  if (!publics.slice(0, OLD_MEMORY_MAP).every(isWord)) mismatch('public words expected below 2^32')
  if (publics[OLD_MEMORY_MAP] !== BigInt(programKey.memoryMap))
    mismatch(`memory map expected that of the program, ${memoryMap}, got ${publics[OLD_MEMORY_MAP]}`)
  const exitCode = publics[EXIT_LOW]! | (publics[EXIT_HIGH]! << 32n)
  if (exitMode === 'unbound' && exitCode !== 0n)
    mismatch(`exit word of a program that binds no exit code expected 0, got ${exitCode}`)
  return { outputs: Uint32Array.from(publics.slice(0, EXIT_LOW), Number), exitCode, exitMode, memoryMap }
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, value: number, what: string): Name {
  const found = (Object.keys(numbers) as Name[]).find((name) => numbers[name] === value)
  if (found !== undefined) return found
  throw new VerificationError({
    code: 'PROGRAM_KEY_INVALID',
    message: `${what} of the program key expected one of ${Object.values(numbers).join(', ')}, got ${value}`,
  })
}

function mismatch(message: string): never {
  throw new VerificationError({ code: 'PROOF_PUBLICS_MISMATCH', message })
}
