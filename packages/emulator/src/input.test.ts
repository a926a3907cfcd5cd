import { describe, expect, test } from 'vitest'
import { frameInput, InputError } from './input.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const record = (length: number, ...data: number[]): Uint8Array => bytes(length, 0, 0, 0, 0, 0, 0, 0, ...data)

function failure(run: () => unknown): InputError {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('expected an InputError')
}

describe('frameInput: records', () => {
  test('refuses a length that is not a multiple of 8 and names the other flag', () => {
    const error = failure(() => frameInput(bytes(1, 2, 3), { framing: 'records' }))
    expect(error.code).toBe('INPUT_NOT_FRAMED')
    expect(error.remedy).toContain('--input-raw')
  })

  test('refuses a record that is longer than the input, by one byte or by 2^64 - 1', () => {
    const oneTooMany = record(9, 1, 2, 3, 4, 5, 6, 7, 8)
    expect(failure(() => frameInput(oneTooMany, { framing: 'records' })).code).toBe('INPUT_NOT_FRAMED')
    const huge = new Uint8Array(16).fill(255)
    expect(failure(() => frameInput(huge, { framing: 'records' })).code).toBe('INPUT_NOT_FRAMED')
  })

  test('refuses a second record that is cut off', () => {
    const cut = bytes(...record(3, 1, 2, 3, 0, 0, 0, 0, 0), ...record(8))
    expect(failure(() => frameInput(cut, { framing: 'records' })).details).toEqual({ offset: 16 })
  })

  test('accepts none, one and several records unchanged, also at an offset of a larger buffer', () => {
    expect(frameInput(bytes(), { framing: 'records' })).toHaveLength(0)
    const two = bytes(...record(3, 1, 2, 3, 0, 0, 0, 0, 0), ...record(0))
    const inside = new Uint8Array(two.length + 5)
    inside.set(two, 5)
    expect(frameInput(inside.subarray(5), { framing: 'records' })).toEqual(two)
  })
})

describe('frameInput: raw', () => {
  test.each([0, 1, 7, 8, 9])('wraps %i bytes as one record', (length) => {
    const data = Uint8Array.from({ length }, (_, i) => i + 1)
    const framed = frameInput(data, { framing: 'raw' })
    expect(framed.length).toBe(8 + Math.ceil(length / 8) * 8)
    expect(framed.subarray(0, 8)).toEqual(record(length))
    expect(framed.subarray(8, 8 + length)).toEqual(data)
    expect(frameInput(framed, { framing: 'records' })).toEqual(framed)
  })
})

test('the limit counts framed bytes', () => {
  expect(frameInput(bytes(1), { framing: 'raw', maxBytes: 16 })).toHaveLength(16)
  const error = failure(() => frameInput(bytes(1), { framing: 'raw', maxBytes: 15 }))
  expect(error.code).toBe('INPUT_TOO_LARGE')
  expect(error.exitStatus).toBe('limitReached')
})
