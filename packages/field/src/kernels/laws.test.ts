import { describe, expect, test } from 'vitest'
import type { FieldOps } from '../field-ops.ts'
import { type Ext, type Felt, P } from '../goldilocks.ts'
import { referenceExt, referenceField } from '../reference.ts'
import { ADVERSARIAL_WORDS, createTestExts, createTestWords, FIELD_LAWS, lawTriples } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_00b0n
const stage = createKernelMemory(1 << 16)
const { kernels, words } = stage
const PLANE = 64
const [a, b, dst, work] = [0, 1, 2, 3].map(() => stage.allocate(3 * PLANE)) as [number, number, number, number]

type ColumnOperation = (a: number, b: number, dst: number, count: number) => void

/** Runs a kernel on a column whose second lane holds the operands in the other order. */
function onColumns(operation: ColumnOperation, x: Felt, y: Felt): Felt {
  words.set([x, y], a / 8)
  words.set([y, x], b / 8)
  operation(a, b, dst, 2)
  return words[dst / 8]!
}

/** The base field as kernels compute it; elements are any words. */
const kernelField: FieldOps<Felt> = {
  ...referenceField,
  add: (x, y) => onColumns(kernels.addColumns, x, y),
  sub: (x, y) => onColumns(kernels.subColumns, x, y),
  neg: (x) => onColumns(kernels.subColumns, 0n, x),
  mul: (x, y) => onColumns(kernels.mulColumns, x, y),
  inv: (x) => {
    words.set([x, 1n], a / 8)
    if (kernels.inverseColumn(a, dst, 2) !== 0) throw new RangeError('zero has no inverse')
    return words[dst / 8]!
  },
}

function putExt(column: number, x: Ext, y: Ext): void {
  for (const k of [0, 1, 2] as const) words.set([x[k], y[k]], (column + k * PLANE) / 8)
}

function getExt(column: number): Ext {
  return [0, 1, 2].map((k) => words[(column + k * PLANE) / 8]!) as unknown as Ext
}

function onPlanes(operation: ColumnOperation, x: Ext, y: Ext): Ext {
  return x.map((_, k) => onColumns(operation, x[k]!, y[k]!)) as unknown as Ext
}

/** The extension as kernels compute it. */
const kernelExt: FieldOps<Ext> = {
  ...referenceExt,
  add: (x, y) => onPlanes(kernels.addColumns, x, y),
  sub: (x, y) => onPlanes(kernels.subColumns, x, y),
  neg: (x) => onPlanes(kernels.subColumns, [0n, 0n, 0n], x),
  mul: (x, y) => {
    putExt(a, x, y)
    putExt(b, y, y)
    kernels.extMulColumns(a, b, dst, PLANE, 2)
    return getExt(dst)
  },
  inv: (x) => {
    putExt(a, x, [1n, 0n, 0n])
    if (kernels.extInverseColumn(a, dst, PLANE, work, 2) !== 0) throw new RangeError('zero has no inverse')
    return getExt(dst)
  },
}

describe('base field, kernel tier', () => {
  const elements = [...ADVERSARIAL_WORDS, ...createTestWords(30, SEED).slice(-9)]
  test.each(FIELD_LAWS)(`$name (seed ${SEED})`, ({ sides }) => {
    for (const [x, y, z] of lawTriples(elements)) {
      const [left, right] = sides(kernelField, x, y, z)
      if (!referenceField.equals(left, right)) expect.fail(`a=${x} b=${y} c=${z}: ${left} is not ${right}`)
    }
  })

  test('zero has no inverse, in either form', () => {
    for (const zero of [0n, P]) expect(() => kernelField.inv(zero)).toThrow(RangeError)
  })
})

describe('cubic extension, kernel tier', () => {
  const elements = createTestExts(8, SEED).filter((_, i) => i % 6 === 0)
  test.each(FIELD_LAWS)(`$name (seed ${SEED})`, ({ sides }) => {
    for (const [x, y, z] of lawTriples(elements)) {
      const [left, right] = sides(kernelExt, x, y, z)
      if (!referenceExt.equals(left, right)) expect.fail(`a=${x} b=${y} c=${z}: ${left} is not ${right}`)
    }
  })

  test('zero has no inverse', () => {
    expect(() => kernelExt.inv([0n, P, 0n])).toThrow(RangeError)
  })
})
