import { expect, test } from 'vitest'
import { reverseBits } from './domain.ts'

/** Bit by bit. */
function reversed(value: number, bits: number): number {
  let result = 0
  for (let i = 0, rest = value; i < bits; i++, rest = Math.floor(rest / 2)) result = result * 2 + (rest % 2)
  return result
}

test('reverseBits: agrees with reversing bit by bit, whatever lies above', () => {
  for (let bits = 0; bits <= 32; bits++) {
    const most = 2 ** bits - 1
    for (const value of [0, 1, 2, 3, 0x1234_5678, 0x9abc_def0, 0xffff_ffff, most, Math.floor(most / 2), most - 1])
      if (value >= 0) expect(reverseBits(value, bits), `${value}, ${bits} bits`).toBe(reversed(value, bits))
  }
})

test('reverseBits: undoes itself', () => {
  for (let value = 0; value < 2 ** 10; value++) expect(reverseBits(reverseBits(value, 10), 10)).toBe(value)
})
