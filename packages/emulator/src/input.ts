/**
 * The input region: one free-input word, then records of `u64 length | data | zero padding to 8 bytes`.
 *
 * Source: ZisK v0.18 `common/src/io/stdin/zisk_stdin.rs`.
 */

import { ZiskError } from '@zisk/core'

/** `records`: the bytes are records already. `raw`: they become the data of one record. */
export type InputFraming = 'records' | 'raw'

/** What can be wrong with an input. */
export type InputErrorCode = 'INPUT_TOO_LARGE' | 'INPUT_NOT_FRAMED'

/** An input that the guest could not read. */
export class InputError extends ZiskError<InputErrorCode> {
  override readonly name: string = 'InputError'
}

/** Default limit on the framed input, in bytes. */
export const DEFAULT_MAX_INPUT_BYTES: number = 128 * 2 ** 20

/** How to turn bytes into an input. */
export interface FrameInputOptions {
  readonly framing: InputFraming
  /** Largest framed input; {@link DEFAULT_MAX_INPUT_BYTES} when absent. */
  readonly maxBytes?: number
}

/**
 * The framed input: a multiple of 8 bytes, what the guest sees after the free-input word. Borrows `bytes` for `records`.
 *
 * @throws {InputError} INPUT_TOO_LARGE, INPUT_NOT_FRAMED
 */
export function frameInput(bytes: Uint8Array, options: FrameInputOptions): Uint8Array {
  const framedLength = options.framing === 'raw' ? 8 + roundUpToWord(bytes.length) : bytes.length
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_INPUT_BYTES
  assertInputFits(framedLength, maxBytes)
  if (options.framing === 'raw') return wrapRecord(bytes)
  assertRecords(bytes)
  return bytes
}

/**
 * Checks the length of a framed input against a limit, both in bytes.
 *
 * @throws {InputError} INPUT_TOO_LARGE
 */
export function assertInputFits(length: number, maxBytes: number): void {
  if (length <= maxBytes) return
  throw new InputError({
    code: 'INPUT_TOO_LARGE',
    message: `input expected at most ${maxBytes} bytes, got ${length}`,
    remedy: 'Raise the limit as far as the memory map allows, or pass less data.',
    details: { maxBytes, length },
    exitStatus: 'limitReached',
  })
}

function wrapRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + roundUpToWord(data.length))
  new DataView(record.buffer).setBigUint64(0, BigInt(data.length), true)
  record.set(data, 8)
  return record
}

function assertRecords(bytes: Uint8Array): void {
  if (bytes.length % 8 !== 0) throw notFramed(`expected a multiple of 8 bytes, got ${bytes.length}`, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let offset = 0; offset < bytes.length; ) {
    const length = view.getBigUint64(offset, true)
    const left = bytes.length - offset - 8
    if (length > left) throw notFramed(`expected a record of at most ${left} bytes, got length ${length}`, offset)
    offset += 8 + roundUpToWord(Number(length))
  }
}

function notFramed(problem: string, offset: number): InputError {
  return new InputError({
    code: 'INPUT_NOT_FRAMED',
    message: `input records (u64 length | data | padding): ${problem} (at byte ${offset})`,
    where: `byte ${offset}`,
    remedy: 'Pass a file of plain bytes with --input-raw.',
    details: { offset },
    exitStatus: 'usage',
  })
}

function roundUpToWord(length: number): number {
  return Math.ceil(length / 8) * 8
}
