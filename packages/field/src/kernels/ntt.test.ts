import { describe, expect, test } from 'vitest'
import { P, rootOfUnity } from '../goldilocks.ts'
import { evaluateOnCoset, reduce } from '../reference.ts'
import { pow } from '../scalar.ts'
import { ADVERSARIAL_WORDS, createRandomWords, createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { reverseBits } from './ntt-butterfly.ts'
import { createNttPlan, MAX_NTT_LOG, nttSweeps, nttTableBytes, runNtt } from './ntt-plan.ts'

const SEED = 0x5eed_0020n
const COLUMNS = 8
const stage = createKernelMemory(24 << 20)

/** A panel whose column c holds `columns[c]`, rows in bit-reversed order where `reversed` is set. */
function panelOf(columns: readonly (readonly bigint[])[], logN: number, reversed: boolean): bigint[] {
  const n = 2 ** logN
  const panel = new Array<bigint>(n * COLUMNS).fill(0n)
  for (const [c, column] of columns.entries()) {
    for (let i = 0; i < n; i++) panel[(reversed ? reverseBits(i, logN) : i) * COLUMNS + c] = column[i]!
  }
  return panel
}

function testColumns(logN: number): bigint[][] {
  const n = 2 ** logN
  const constant = (x: bigint) => new Array<bigint>(n).fill(x)
  const random = Array.from({ length: 3 }, (_, c) => createTestWords(n, SEED + BigInt(8 * logN + c)))
  const next = createRandomWords(SEED + BigInt(logN))
  const extreme = Array.from({ length: n }, () => ADVERSARIAL_WORDS[Number(next() >> 32n) % ADVERSARIAL_WORDS.length]!)
  return [...random, extreme, constant((1n << 64n) - 1n), constant(P - 1n), constant(0n), constant(0xffff_ffffn)]
}

describe('refusals', () => {
  test('sizes out of range and a shifted inverse', () => {
    const { kernels } = stage
    for (const logN of [0, -1, 1.5, MAX_NTT_LOG + 1]) {
      expect(() => createNttPlan(kernels, { direction: 'forward', logN, tables: 0 })).toThrow(RangeError)
    }
    expect(() => createNttPlan(kernels, { direction: 'inverse', logN: 4, tables: 0, shift: 7n })).toThrow(RangeError)
  })
})

describe.each([1, 2, 3, 4, 5, 6, 7, 8])(`transforms of 2^%i rows (seed ${SEED})`, (logN) => {
  test('forward gives the values on the coset, in every column, out of place and in place', () => {
    const columns = testColumns(logN)
    for (const shift of [1n, 7n, P - 2n]) {
      stage.reset()
      const tables = stage.allocate(nttTableBytes(logN))
      const guard = stage.put([1n])
      const src = stage.put(panelOf(columns, logN, true))
      const dst = stage.allocate(2 ** logN * 64)
      const plan = createNttPlan(stage.kernels, { direction: 'forward', logN, tables, shift })
      runNtt(stage.kernels, plan, src, dst)
      const values = columns.map((c) => evaluateOnCoset(c, rootOfUnity(logN), shift, 2 ** logN))
      expect(stage.get(dst, 2 ** logN * COLUMNS)).toEqual(panelOf(values, logN, false))
      expect(stage.get(src, 2 ** logN * COLUMNS)).toEqual(panelOf(columns, logN, true))
      runNtt(stage.kernels, plan, src, src)
      expect(stage.get(src, 2 ** logN * COLUMNS)).toEqual(panelOf(values, logN, false))
      expect(stage.get(guard, 1)).toEqual([1n])
    }
  })
})

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])('inverse of 2^%i rows', (logN) => {
  test('undoes forward, with canonical words', () => {
    stage.reset()
    const columns = testColumns(logN)
    const forwardTables = stage.allocate(nttTableBytes(logN))
    const inverseTables = stage.allocate(nttTableBytes(logN))
    const panel = stage.put(panelOf(columns, logN, true))
    const other = stage.allocate(2 ** logN * 64)
    const forward = createNttPlan(stage.kernels, { direction: 'forward', logN, tables: forwardTables })
    const inverse = createNttPlan(stage.kernels, { direction: 'inverse', logN, tables: inverseTables })
    runNtt(stage.kernels, forward, panel, panel)
    runNtt(stage.kernels, inverse, panel, other)
    const words = stage.words.subarray(other / 8, other / 8 + 2 ** logN * COLUMNS)
    const expected = panelOf(
      columns.map((c) => c.map(reduce)),
      logN,
      true,
    )
    expect(words.findIndex((x, i) => x !== expected[i])).toBe(-1)
    runNtt(stage.kernels, inverse, panel, panel)
    expect(
      Buffer.compare(stage.bytes.subarray(panel, panel + 2 ** logN * 64), new Uint8Array(words.slice().buffer)),
    ).toBe(0)
  })
})

describe.each([9, 12, 13, 15])('large forward transform of 2^%i rows', (logN) => {
  test('agrees with evaluation of sparse polynomials at sampled points of the coset', () => {
    stage.reset()
    const n = 2 ** logN
    const tables = stage.allocate(nttTableBytes(logN))
    const panel = stage.allocate(n * 64)
    const terms: [degree: number, coefficient: bigint][] = [
      [0, 3n],
      [1, P - 1n],
      [777 % n, (1n << 64n) - 1n],
      [n - 1, 5n],
      [n / 2, 0xffff_ffffn],
    ]
    for (const [degree, c] of terms) stage.words[panel / 8 + reverseBits(degree, logN) * COLUMNS + 3] = c
    const shift = 7n
    runNtt(stage.kernels, createNttPlan(stage.kernels, { direction: 'forward', logN, tables, shift }), panel, panel)
    for (let i = 0; i < n; i += 61) {
      const x = (shift * pow(rootOfUnity(logN), BigInt(i))) % P
      const value = terms.reduce((sum, [degree, c]) => reduce(sum + c * pow(x, BigInt(degree))), 0n)
      expect(stage.words[panel / 8 + i * COLUMNS + 3]).toBe(value)
      expect(stage.words[panel / 8 + i * COLUMNS + 4]).toBe(0n)
    }
  })

  test('gives the same words when its sweeps are run in two halves', () => {
    if (logN < 13) return
    stage.reset()
    const n = 2 ** logN
    const tables = stage.allocate(nttTableBytes(logN))
    const plan = createNttPlan(stage.kernels, { direction: 'forward', logN, tables, shift: 7n })
    const src = stage.put(createTestWords(n * COLUMNS, SEED))
    const [whole, halves] = [stage.allocate(n * 64), stage.allocate(n * 64)]
    runNtt(stage.kernels, plan, src, whole)
    for (const [i, { run, units }] of nttSweeps(plan).entries()) {
      run(stage.kernels, i === 0 ? src : halves, halves, units / 2, units)
      run(stage.kernels, i === 0 ? src : halves, halves, 0, units / 2)
    }
    expect(
      Buffer.compare(stage.bytes.subarray(whole, whole + n * 64), stage.bytes.subarray(halves, halves + n * 64)),
    ).toBe(0)
  })
})

describe('of the first columns of a panel', () => {
  test.each([
    [1, 3],
    [2, 9],
    [3, 12],
    [4, 13],
    [5, 13],
    [6, 14],
    [7, 13],
  ])(
    '%i columns, 2^%i rows: what a transform of all gives for them, and the others are left alone',
    (columns, logN) => {
      stage.reset()
      const words = 2 ** logN * COLUMNS
      for (const direction of ['inverse', 'forward'] as const) {
        const tables = stage.allocate(nttTableBytes(logN))
        const plan = createNttPlan(stage.kernels, { direction, logN, tables })
        const src = stage.put(createTestWords(words, SEED + BigInt(logN)))
        const [all, some] = [stage.allocate(8 * words), stage.allocate(8 * words)]
        stage.words.fill(7n, some / 8, some / 8 + words)
        runNtt(stage.kernels, plan, src, all)
        runNtt(stage.kernels, plan, src, some, columns)
        const treated = 2 * Math.ceil(columns / 2)
        for (let i = 0; i < words; i++) {
          const expected = i % COLUMNS < treated ? stage.words[all / 8 + i]! : 7n
          if (stage.words[some / 8 + i] !== expected)
            expect({ i, word: stage.words[some / 8 + i] }).toEqual({ i, word: expected })
        }
      }
    },
  )
})
