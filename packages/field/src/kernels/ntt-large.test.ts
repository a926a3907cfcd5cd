import { describe, expect, test } from 'vitest'
import { P, rootOfUnity } from '../goldilocks.ts'
import { reduce } from '../reference.ts'
import { pow } from '../scalar.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { reverseBits } from './ntt-butterfly.ts'
import { createNttPlan, nttTableBytes, runNtt } from './ntt-plan.ts'

const COLUMNS = 8
const SHIFT = 7n
/** Points at which a transform is compared with the sum of its terms; odd, so that they fall into all residues. */
const SAMPLES = 97

/** Each height from 2^16 has a split of its own into blocks and strided sweeps. */
describe.each([16, 17, 18, 19, 20, 21, 22])('transforms of 2^%i rows', (logN) => {
  const n = 2 ** logN
  const terms: (readonly [degree: number, column: number, coefficient: bigint])[] = [
    [0, 0, 3n],
    [1, 0, P - 1n],
    [n - 1, 3, (1n << 64n) - 1n],
    [n / 2 + 4097, 3, 0xffff_ffffn],
    [123_457 % n, 3, P - 2n],
    [n - 65_535, 7, 1n << 63n],
  ]

  test('forward agrees with sparse polynomials at points of the coset, inverse gives them back', () => {
    const { kernels, words, allocate } = createKernelMemory(n * 64 + 2 * nttTableBytes(logN) + 4096)
    const [forwardTables, inverseTables] = [allocate(nttTableBytes(logN)), allocate(nttTableBytes(logN))]
    const panel = allocate(n * 64)
    const place = (degree: number, column: number): number => panel / 8 + reverseBits(degree, logN) * COLUMNS + column
    for (const [degree, column, coefficient] of terms) words[place(degree, column)] = coefficient

    const coset = createNttPlan(kernels, { direction: 'forward', logN, tables: forwardTables, shift: SHIFT })
    runNtt(kernels, coset, panel, panel)
    for (let k = 0; k < SAMPLES; k++) {
      const row = Math.floor((k * (n - 1)) / (SAMPLES - 1))
      const x = (SHIFT * pow(rootOfUnity(logN), BigInt(row))) % P
      const expected = new Array<bigint>(COLUMNS).fill(0n)
      for (const [degree, column, c] of terms)
        expected[column] = reduce(expected[column]! + reduce(c) * pow(x, BigInt(degree)))
      const found = [...words.subarray(panel / 8 + row * COLUMNS, panel / 8 + (row + 1) * COLUMNS)]
      expect(found.map(reduce)).toEqual(expected)
    }

    const inverse = createNttPlan(kernels, { direction: 'inverse', logN, tables: inverseTables })
    runNtt(kernels, inverse, panel, panel)
    for (const [degree, column, coefficient] of terms) {
      expect(words[place(degree, column)]).toBe((reduce(coefficient) * pow(SHIFT, BigInt(degree))) % P)
      words[place(degree, column)] = 0n
    }
    expect(words.subarray(panel / 8, panel / 8 + n * COLUMNS).findIndex((word) => word !== 0n)).toBe(-1)
  })
})
