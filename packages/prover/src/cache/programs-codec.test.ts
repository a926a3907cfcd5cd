/** Programs of the setup cache against those that are compiled, and words that no encoder wrote. */
import { beforeAll, describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../reference/reference-backend.ts'
import { type ProvingKey, setup } from '../setup.ts'
import { buildMachine } from '../testing/machine.ts'
import { decodePrograms, encodePrograms } from './programs-codec.ts'

const SEED = 0x5eed_00c1
let key: ProvingKey
let encoded: readonly Uint8Array[]

beforeAll(async () => {
  key = await setup(buildMachine(), { backend: createReferenceBackend() })
  encoded = key.originals.map((_, i) => encodePrograms(key.programs(i)))
})

test('every program is read as it was compiled', () => {
  for (const [i, bytes] of encoded.entries()) {
    expect(decodePrograms(bytes)).toEqual(key.programs(i))
    expect(encodePrograms(decodePrograms(bytes))).toEqual(bytes)
  }
  expect(key.originals.some((_, i) => key.programs(i).stage2.passes.length > 0)).toBe(true)
  expect(key.originals.some((_, i) => key.programs(i).stage1.columns.length > 0)).toBe(true)
})

test('what an AIR needs is made once', () => {
  expect(key.programs(0)).toBe(key.programs(0))
})

describe('bytes that are no programs', () => {
  test('cut short anywhere, or with more behind them', () => {
    for (const bytes of encoded) {
      for (let end = 0; end < bytes.length; end += Math.max(1, bytes.length >> 9))
        expect(() => decodePrograms(bytes.subarray(0, end))).toThrow(RangeError)
      expect(() => decodePrograms(new Uint8Array([...bytes, 0, 0, 0, 0]))).toThrow(RangeError)
    }
  })

  test(`with any word changed: a value or an error, at once (seed ${SEED})`, () => {
    let state = SEED
    for (const bytes of encoded)
      for (let round = 0; round < 300; round++) {
        const words = new Int32Array(bytes.slice().buffer)
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        words[(state >>> 1) % words.length] = round % 2 === 0 ? state : (state >>> 8) % 64
        try {
          decodePrograms(new Uint8Array(words.buffer))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }
  })
})
