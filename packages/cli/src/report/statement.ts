/** What a proof states, as text and as JSON. */

import type { ZiskStatement } from '@zisk/verifier'
import { formatTable } from './text.ts'

/** A statement and the program that it is about. */
export interface StatedRun {
  readonly programDigest: Uint8Array
  readonly statement: ZiskStatement
}

const hexWord = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`
/** Lower-case hex digits, as digests are written everywhere. */
export const hexBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Fields of a JSON document. */
export function statementToJson({ programDigest, statement }: StatedRun): object {
  const { outputs, exitCode } = statement
  return {
    programDigest: hexBytes(programDigest),
    exitBound: exitCode !== undefined,
    exitCode: (exitCode ?? 0n).toString(),
    outputs: Array.from(outputs, hexWord),
  }
}

/** Lines for a terminal: program digest, exit code, outputs up to the last that is not 0. */
export function renderStatement({ programDigest, statement }: StatedRun): string {
  const { outputs, exitCode } = statement
  const used = outputs.findLastIndex((value) => value !== 0) + 1
  const words = used === 0 ? 'none' : Array.from(outputs.subarray(0, used), hexWord).join(' ')
  return formatTable(
    [
      ['program', hexBytes(programDigest)],
      ['exit', exitCode === undefined ? 'exit code not bound (ZisK ABI)' : `code ${exitCode}`],
      ['outputs', words],
    ],
    'll',
  )
}
