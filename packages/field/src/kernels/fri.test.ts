import { describe, expect, test } from 'vitest'
import { type Ext, P, rootOfUnity } from '../goldilocks.ts'
import { power, reduce, referenceExt } from '../reference.ts'
import { inv, mul, pow } from '../scalar.ts'
import { createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_0080n
const stage = createKernelMemory(1 << 20)
const LOG_N = 6
const N = 2 ** LOG_N
const SHIFT = 7n
const PLANE = 8 * N

function putPlanar(elements: readonly Ext[]): number {
  const column = stage.allocate(3 * PLANE)
  for (const k of [0, 1, 2] as const)
    stage.words.set(
      elements.map((x) => x[k]),
      (column + k * PLANE) / 8,
    )
  return column
}

function element(column: number, i: number): bigint[] {
  return [0, 1, 2].map((k) => stage.words[(column + k * PLANE) / 8 + i]!)
}

/** Value at the base point x of a polynomial with extension coefficients. */
function evaluate(coefficients: readonly Ext[], x: Ext): Ext {
  return coefficients.reduceRight<Ext>((sum, c) => referenceExt.add(referenceExt.mul(sum, x), c), referenceExt.zero)
}

const random = createTestWords(3 * N, SEED)
const coefficients = Array.from({ length: N }, (_, i): Ext => [random[3 * i]!, random[3 * i + 1]!, random[3 * i + 2]!])
const point = (i: number): bigint => mul(SHIFT, pow(rootOfUnity(LOG_N), BigInt(i)))
const values = Array.from({ length: N }, (_, i) => evaluate(coefficients, [point(i), 0n, 0n]))

describe(`folding (seed ${SEED})`, () => {
  test.each([
    ['a small challenge', [5n, 0n, 0n]],
    ['a challenge of largest words', [(1n << 64n) - 1n, P - 1n, (1n << 64n) - 1n]],
  ] as const)('three folds by 2 are a fold by 8 with %s', (_, beta) => {
    stage.reset()
    const layer = putPlanar(values)
    const inverses = stage.allocate(8 * N)
    const challenge = stage.allocate(24)
    let [shift, root, b] = [SHIFT, rootOfUnity(LOG_N), beta as Ext]
    for (let size = N; size > N / 8; size /= 2) {
      stage.words.set(b.map(reduce), challenge / 8)
      stage.kernels.fillPowers(inverses, size / 2, inv(mul(2n, shift)), inv(root))
      stage.kernels.friFold(layer, layer + 4 * size, layer, inverses, PLANE, challenge, size / 2)
      ;[shift, root, b] = [mul(shift, shift), mul(root, root), referenceExt.mul(b, b)]
    }
    const folded = Array.from({ length: N / 8 }, (_, j) =>
      coefficients
        .slice(8 * j, 8 * j + 8)
        .reduceRight<Ext>((sum, c) => referenceExt.add(referenceExt.mul(sum, beta as Ext), c), referenceExt.zero),
    )
    for (let i = 0; i < N / 8; i++) {
      const x = power(referenceExt, [point(i), 0n, 0n], 8n)
      expect(element(layer, i)).toEqual(evaluate(folded, x))
    }
  })

  test('any words fold, not only values of polynomials of low degree', () => {
    stage.reset()
    const layer = putPlanar(coefficients)
    const inverses = stage.put(random.slice(0, N / 2))
    const beta: Ext = [3n, P - 1n, 0xffff_ffffn]
    const dst = putPlanar([])
    stage.kernels.friFold(layer, layer + 4 * N, dst, inverses, PLANE, stage.put([...beta]), N / 2)
    for (let i = 0; i < N / 2; i++) {
      const [low, high] = [coefficients[i]!, coefficients[i + N / 2]!]
      const mean = referenceExt.mul(referenceExt.add(low, high), [inv(2n), 0n, 0n])
      const slope = referenceExt.mul(referenceExt.sub(low, high), [random[i]!, 0n, 0n])
      expect(element(dst, i)).toEqual(referenceExt.add(mean, referenceExt.mul(slope, beta)))
    }
  })
})

test('friRows gathers the elements that fold together', () => {
  stage.reset()
  const layer = putPlanar(values)
  const rows = stage.allocate(192 * (N / 8))
  stage.kernels.friRows(layer, PLANE, N, 8, rows, 192, 1, N / 8)
  for (let j = 0; j < N / 8; j++) {
    const expected = Array.from({ length: 8 }, (_, k) => (j === 0 ? [0n, 0n, 0n] : values[j + (k * N) / 8]!)).flat()
    expect(stage.get(rows + 192 * j, 24)).toEqual(expected)
  }
})
