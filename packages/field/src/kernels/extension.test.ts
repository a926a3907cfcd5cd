import { describe, expect, test } from 'vitest'
import type { Ext } from '../goldilocks.ts'
import { referenceExt } from '../reference.ts'
import { extInv } from '../scalar-ext.ts'
import { ADVERSARIAL_WORDS, createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_0040n
const COUNT = 700
const stage = createKernelMemory(1 << 20)

/** Elements with any words as coordinates: all equal adversarial ones, then mixtures. */
function testElements(seed: bigint): Ext[] {
  const words = [0, 1, 2].map((k) => createTestWords(COUNT, seed + BigInt(k)).reverse())
  words[1]!.unshift(...words[1]!.splice(-5))
  words[2]!.unshift(...words[2]!.splice(-11))
  const mixed = Array.from({ length: COUNT }, (_, i): Ext => [words[0]![i]!, words[1]![i]!, words[2]![i]!])
  return [...ADVERSARIAL_WORDS.map((x): Ext => [x, x, x]), ...mixed].slice(0, COUNT)
}

const PLANE = 8 * COUNT + 64

function putPlanar(elements: readonly Ext[]): number {
  const column = stage.allocate(3 * PLANE)
  for (const k of [0, 1, 2] as const)
    stage.words.set(
      elements.map((x) => x[k]),
      (column + k * PLANE) / 8,
    )
  return column
}

function getPlanar(column: number, count: number): Ext[] {
  const planes = [0, 1, 2].map((k) => stage.get(column + k * PLANE, count))
  return Array.from({ length: count }, (_, i): Ext => [planes[0]![i]!, planes[1]![i]!, planes[2]![i]!])
}

const reduced = (x: Ext): Ext => referenceExt.add(x, referenceExt.zero)

describe(`planar extension columns (seed ${SEED})`, () => {
  const a = testElements(SEED)
  const b = testElements(SEED + 7n).reverse()

  test('extMulColumns agrees with the oracle, also in place', () => {
    stage.reset()
    const [pa, pb, dst] = [putPlanar(a), putPlanar(b), putPlanar([])]
    const expected = a.map((x, i) => referenceExt.mul(x, b[i]!))
    stage.kernels.extMulColumns(pa, pb, dst, PLANE, COUNT)
    expect(getPlanar(dst, COUNT)).toEqual(expected)
    expect(getPlanar(dst, COUNT + 2).slice(COUNT)).toEqual([referenceExt.zero, referenceExt.zero])
    stage.kernels.extMulColumns(pa, pb, pb, PLANE, COUNT)
    expect(getPlanar(pb, COUNT)).toEqual(expected)
  })

  test('extScaleColumn agrees with the oracle', () => {
    for (const factor of [a[0]!, a[16]!, a[20]!, a[100]!]) {
      stage.reset()
      const [pa, pf] = [putPlanar(a), stage.put([...factor])]
      stage.kernels.extScaleColumn(pa, pa, PLANE, pf, COUNT)
      expect(getPlanar(pa, COUNT)).toEqual(a.map((x) => referenceExt.mul(x, factor)))
    }
  })

  test('extAccumulate adds a scaled base column', () => {
    const base = createTestWords(COUNT, SEED + 70n)
    for (const factor of [a[0]!, a[16]!, a[20]!, a[100]!]) {
      stage.reset()
      const [pb, dst, pf] = [stage.put(base), putPlanar(b), stage.put([...factor])]
      stage.kernels.extAccumulate(pb, dst, PLANE, pf, COUNT)
      const expected = b.map((x, i) => referenceExt.add(x, referenceExt.mul(factor, [base[i]!, 0n, 0n])))
      expect(getPlanar(dst, COUNT)).toEqual(expected)
    }
  })

  test('extInverseColumn agrees with the scalar tier and reports a zero', () => {
    const units = a.map((x): Ext => (referenceExt.equals(x, referenceExt.zero) ? [0n, 1n, 0n] : x))
    for (const count of [2, 16, 18, COUNT]) {
      stage.reset()
      const [pa, dst, work] = [putPlanar(units), putPlanar([]), stage.allocate(8 * COUNT)]
      expect(stage.kernels.extInverseColumn(pa, dst, PLANE, work, count)).toBe(0)
      expect(getPlanar(dst, count)).toEqual(units.slice(0, count).map((x) => extInv(reduced(x))))
      expect(stage.kernels.extInverseColumn(pa, pa, PLANE, work, count)).toBe(0)
      expect(getPlanar(pa, count)).toEqual(getPlanar(dst, count))
    }
    for (const at of [0, 1, 333, COUNT - 1]) {
      stage.reset()
      const work = stage.allocate(8 * COUNT)
      const pa = putPlanar(units.map((x, i): Ext => (i === at ? [0n, 0xffff_ffff_0000_0001n, 0n] : x)))
      expect(stage.kernels.extInverseColumn(pa, pa, PLANE, work, COUNT)).toBe(1)
    }
  })
})

test('extPrefixProducts multiplies up a column in place', () => {
  for (const count of [0, 1, 2, 333, COUNT]) {
    stage.reset()
    const elements = testElements(SEED).slice(0, count)
    const column = putPlanar(elements)
    let running: Ext = [1n, 0n, 0n]
    const expected = elements.map((x) => (running = referenceExt.mul(running, x)))
    stage.kernels.extPrefixProducts(column, PLANE, count)
    expect(getPlanar(column, count)).toEqual(expected)
  }
})
