/** Whether the headers of stored plans and chunks have the form that the code relies on; their values are another matter. */

import { MAX_CHUNK_SIZE } from '@zisk/emulator'

/** An AIR has fewer segments, and an instance no more rows. */
const MAX_SEGMENTS = 2 ** 16
const MAX_ROWS = 2 ** 22

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isCount = (value: unknown, limit: number = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= limit
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem)
const isText = (value: unknown): boolean => typeof value === 'string'
const isU64Text = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n

/** The header of a plan: instances within the run, values of 64 bits. */
export function isPlanHeader(header: Fields): boolean {
  const { steps, plans, chunkCount, publics, proofValues, names } = header
  return (
    isCount(steps) &&
    isCount(chunkCount) &&
    isListOf(plans, (plan) => isPlan(plan, chunkCount)) &&
    isListOf(publics, isU64Text) &&
    isListOf(proofValues, isU64Text) &&
    isListOf(names, (list) => isListOf(list, isText))
  )
}

function isPlan(value: unknown, chunkCount: number): boolean {
  if (!isFields(value) || !isFields(value['checkPoint'])) return false
  const { air, segment, rows, from, count, isLast, endChunk, checkPoint } = value
  const { chunk, skip } = checkPoint as Fields
  return (
    isText(air) &&
    isCount(segment, MAX_SEGMENTS - 1) &&
    isCount(rows, MAX_ROWS) &&
    isCount(from) &&
    isCount(count, rows) &&
    typeof isLast === 'boolean' &&
    isCount(endChunk, chunkCount) &&
    isCount(chunk, chunkCount) &&
    isCount(skip)
  )
}

/** The header of a chunk, whose columns are 32 registers and the recorded words. */
export function isChunkHeader(header: Fields, columns: readonly ArrayBufferView[]): boolean {
  const { firstStep, steps, last, pc, lastC } = header
  const [registers, reads, ...others] = columns
  return (
    isCount(firstStep) &&
    isCount(steps, MAX_CHUNK_SIZE) &&
    typeof last === 'boolean' &&
    isCount(pc, 2 ** 32 - 1) &&
    isU64Text(lastC) &&
    registers instanceof BigUint64Array &&
    registers.length === 32 &&
    reads instanceof BigUint64Array &&
    others.length === 0
  )
}
