/**
 * Plans and chunks as bytes, so that a run can be continued after its process ended.
 *
 * A file is a magic, the length of a JSON header as u32, the header, and the columns that it lists, each at a multiple of
 * 8 bytes, little endian. Who stores files names them by their contents; their form alone is checked here.
 */

import type { TraceChunk } from '@zisk/emulator'
import type { Metrics } from '@zisk/witness'
import { ExecutorError } from './executor-error.ts'
import type { PlannedRun } from './run-planner.ts'
import { isChunkHeader, isPlanHeader } from './stored-header.ts'

const PLAN_MAGIC = 'ZISKPLN1'
const CHUNK_MAGIC = 'ZISKCHK1'

/** A planned run with its statement. */
export interface StoredPlan extends PlannedRun {
  readonly publics: readonly bigint[]
  /** Chunks that the check points of the plans count. */
  readonly chunkCount: number
}

type Column = Metrics[string] | BigUint64Array
const COLUMN_TYPES = { Uint8Array, Uint32Array, Float64Array, BigUint64Array } as const
type ColumnType = keyof typeof COLUMN_TYPES

/** Encodes a plan. */
export function encodePlan({ configs, publics, proofValues, ...rest }: StoredPlan): Uint8Array {
  const names = configs.map((config) => Object.keys(config))
  const header = { ...rest, publics: publics.map(String), proofValues: proofValues.map(String), names }
  const columns = configs.flatMap((config, i) => names[i]!.map((name) => config[name]!))
  return encodeFile(PLAN_MAGIC, header, columns)
}

/** Decodes a plan. @throws {ExecutorError} PLAN_INVALID */
export function decodePlan(bytes: Uint8Array): StoredPlan {
  const { header, columns } = decodeFile(PLAN_MAGIC, bytes)
  if (!isPlanHeader(header)) throw invalid('a header of a plan')
  const { names, publics, proofValues, ...rest } = header as unknown as Omit<
    StoredPlan,
    'configs' | 'publics' | 'proofValues'
  > & {
    readonly names: readonly (readonly string[])[]
    readonly publics: readonly string[]
    readonly proofValues: readonly string[]
  }
  let next = 0
  const configs = names.map((list) =>
    Object.fromEntries(list.map((name) => [name, columns[next++] as Metrics[string]])),
  )
  return { ...rest, configs, publics: publics.map(BigInt), proofValues: proofValues.map(BigInt) }
}

/** Encodes a chunk of a minimal trace. */
export function encodeChunk({ start, reads, ...rest }: TraceChunk): Uint8Array {
  const header = { ...rest, pc: start.pc, lastC: String(start.lastC) }
  return encodeFile(CHUNK_MAGIC, header, [start.registers, reads])
}

/** Decodes a chunk; its words lie in memory that threads share. @throws {ExecutorError} PLAN_INVALID */
export function decodeChunk(bytes: Uint8Array): TraceChunk {
  const { header, columns } = decodeFile(CHUNK_MAGIC, bytes)
  if (!isChunkHeader(header, columns)) throw invalid('the header and columns of a chunk')
  const { pc, lastC, ...rest } = header as unknown as Omit<TraceChunk, 'start' | 'reads'> & {
    readonly pc: number
    readonly lastC: string
  }
  const [registers, reads] = columns as readonly BigUint64Array[]
  return { ...rest, start: { pc, lastC: BigInt(lastC), registers: registers!.slice() }, reads: reads! }
}

function encodeFile(magic: string, header: object, columns: readonly Column[]): Uint8Array {
  const layout = columns.map((column) => ({ type: column.constructor.name, length: column.length }))
  const json = new TextEncoder().encode(JSON.stringify({ ...header, layout }))
  const start = aligned(HEADER_AT + json.length)
  const size = columns.reduce((sum, { byteLength }) => sum + aligned(byteLength), start)
  const bytes = new Uint8Array(size)
  bytes.set(new TextEncoder().encode(magic))
  new DataView(bytes.buffer).setUint32(LENGTH_AT, json.length, true)
  bytes.set(json, HEADER_AT)
  let at = start
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
    at += aligned(column.byteLength)
  }
  return bytes
}

function decodeFile(
  magic: string,
  bytes: Uint8Array,
): { header: Readonly<Record<string, unknown>>; columns: readonly Column[] } {
  if (new TextDecoder().decode(bytes.subarray(0, LENGTH_AT)) !== magic)
    throw invalid(`a file that begins with ${magic}`)
  if (bytes.length < HEADER_AT) throw invalid('a whole header')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(LENGTH_AT, true)
  const { layout, ...header } = parseHeader(bytes.subarray(HEADER_AT, HEADER_AT + length))
  let at = aligned(HEADER_AT + length)
  const columns = layout.map(({ type, length: count }) => {
    const List: (new (buffer: SharedArrayBuffer) => Column) | undefined = COLUMN_TYPES[type]
    if (List === undefined || !Number.isSafeInteger(count) || count < 0) throw invalid('columns of known types')
    const end = at + count * COLUMN_TYPES[type].BYTES_PER_ELEMENT
    if (end > bytes.length) throw invalid('all columns')
    const column = new List(new SharedArrayBuffer(end - at))
    new Uint8Array(column.buffer).set(bytes.subarray(at, end))
    at = aligned(end)
    return column
  })
  if (at !== bytes.length) throw invalid('nothing behind the last column')
  return { header, columns }
}

function parseHeader(bytes: Uint8Array): { layout: readonly { type: ColumnType; length: number }[] } {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header === 'object' && header !== null && 'layout' in header && Array.isArray(header.layout))
      return header as ReturnType<typeof parseHeader>
  } catch (cause) {
    throw invalid('a header in JSON', cause)
  }
  throw invalid('a header with a layout')
}

const LENGTH_AT = 8
const HEADER_AT = 12
const aligned = (length: number): number => Math.ceil(length / 8) * 8

function invalid(expected: string, cause?: unknown): ExecutorError {
  return new ExecutorError({
    code: 'PLAN_INVALID',
    message: `stored plan or chunk expected to have ${expected}, got other bytes`,
    remedy: 'Delete the file: it is made again.',
    cause,
  })
}
