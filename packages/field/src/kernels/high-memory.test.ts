import { describe, expect, test } from 'vitest'
import { runColumns, tapeBytes, writeTape } from '../columns/column-kernel.ts'
import type { ColumnNode } from '../columns/column-program.ts'
import { planColumns } from '../columns/column-tape.ts'
import { P } from '../goldilocks.ts'
import { reduce } from '../reference.ts'
import { wasm } from '../wasm/index.ts'
import { compileKernels, createKernels } from './kernels.ts'
import { createNttPlan, nttTableBytes, runNtt } from './ntt-plan.ts'
import { SCRATCH_BYTES } from './scratch.ts'

const PAGES = 65536
const END = PAGES * 65536

describe('the last bytes of a memory of 4 GiB', () => {
  const memory = new wasm.Memory({ initial: PAGES, maximum: PAGES, shared: true })
  const words = new BigUint64Array(memory.buffer)
  const scratch = 2 ** 31 + 64
  const kernels = createKernels(compileKernels(), memory, scratch)
  const put = (offset: number, values: readonly bigint[]): void => words.set(values, offset / 8)
  const get = (offset: number, count: number): bigint[] => [...words.subarray(offset / 8, offset / 8 + count)]
  const column = Array.from({ length: 16 }, (_, i) => BigInt(i) - 3n + P)
  const at = END - 8 * column.length

  test('columns', () => {
    put(at, column)
    kernels.canonicalise(at, 16)
    expect(get(at, 16)).toEqual(column.map(reduce))
    kernels.addColumns(at, at, at, 16)
    expect(get(at, 16)).toEqual(column.map((x) => reduce(2n * x)))
    kernels.fillPowers(at, 16, 3n, 2n)
    expect(get(at, 16)).toEqual(column.map((_, i) => 3n << BigInt(i)))
    expect(BigInt.asUintN(64, kernels.prefixSums(at, at, 0n, 16))).toBe(3n * 0xffffn)
    expect(kernels.inverseColumn(at, at, 16)).toBe(0)
  })

  test('panels and their transforms', () => {
    const [list, tables, other] = [2 ** 20, 2 ** 21, END - 2 ** 20]
    new Uint32Array(memory.buffer, list, 1).set([other])
    put(other, column)
    const panel = END - 16 * 64
    kernels.columnsToPanel(list, 1, panel, 0, 16)
    expect(get(panel, 16 * 8).filter((_, i) => i % 8 === 0)).toEqual(column)
    const before = get(panel, 16 * 8).map(reduce)
    const forward = createNttPlan(kernels, { direction: 'forward', logN: 4, tables })
    const inverse = createNttPlan(kernels, { direction: 'inverse', logN: 4, tables: tables + nttTableBytes(4) })
    runNtt(kernels, forward, panel, panel)
    runNtt(kernels, inverse, panel, panel)
    expect(get(panel, 16 * 8)).toEqual(before)
  })

  test('column programs', () => {
    const nodes: ColumnNode[] = [
      { kind: 'column', column: 0, offset: 1 },
      { kind: 'extScalar', scalar: 0 },
      { kind: 'mul', a: 0, b: 1 },
      { kind: 'column', column: 0, offset: 0 },
      { kind: 'mul', a: 3, b: 1 },
      { kind: 'add', a: 2, b: 4 },
    ]
    const planned = planColumns({ nodes, strides: [8], outputs: [5] })
    const work = at - planned.workBytes
    const outputs = work - 3 * 8 * 16
    const tape = Math.floor((outputs - tapeBytes(planned)) / 16) * 16
    const lists = 2 ** 20
    new Uint32Array(memory.buffer, lists, 4).set([at, ...[0, 1, 2].map((k) => outputs + 8 * 16 * k)])
    put(at, column)
    writeTape(memory.buffer, tape, planned, [1n, 2n, P - 1n])
    const places = { tape, columns: lists, outputs: lists + 4, work }
    runColumns(kernels, memory, { ...places, accumulate: false, mask: 15, begin: 0, end: 16 })
    const sums = column.map((x, i) => reduce(x + column[(i + 1) % 16]!))
    expect(get(outputs, 48)).toEqual([...sums, ...sums.map((x) => reduce(2n * x)), ...sums.map((x) => reduce(P - x))])
  })

  test('scratch stays where it is', () => {
    expect(scratch + SCRATCH_BYTES).toBeLessThan(END)
    expect(get(scratch + SCRATCH_BYTES, 8)).toEqual(Array(8).fill(0n))
  })
})
