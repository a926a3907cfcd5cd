import { materializeFixed, releaseFixed } from '@zisk/air'
import { P } from '@zisk/field'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DeferredFill, FixedStore, feltOf } from './fixed-store.ts'
import { type SequencePlan, sequenceToPattern, writeSequence } from './sequence.ts'

const SEED = 161803
const ROWS = 24

/** A random plan with the values it stands for. */
const plan: fc.Arbitrary<{ plan: SequencePlan; values: bigint[] }> = fc.letrec<{
  e: { plan: SequencePlan; values: bigint[] }
}>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small' },
    fc
      .array(fc.bigInt({ min: 0n, max: P - 1n }), { minLength: 1, maxLength: 4 })
      .map((values) => ({ plan: { kind: 'values', values, length: values.length } as SequencePlan, values })),
    fc
      .tuple(
        fc.bigInt({ min: -5n, max: 2n ** 60n }),
        fc.bigInt({ min: -3n, max: 3n }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([first, step, times, length]) => ({
        plan: { kind: 'arithmetic', first, step, times, length } as SequencePlan,
        values: Array.from({ length }, (_, i) => modulo(first + step * BigInt(Math.floor(i / times)))),
      })),
    fc
      .tuple(
        fc.bigInt({ min: 0n, max: P - 1n }),
        fc.bigInt({ min: 0n, max: P - 1n }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([first, ratio, times, length]) => {
        const values: bigint[] = []
        for (let i = 0, value = first; i < length; i++) {
          values.push(value)
          if ((i + 1) % times === 0) value = (value * ratio) % P
        }
        return { plan: { kind: 'geometric', first, ratio, times, length } as SequencePlan, values }
      }),
    fc.tuple(tie('e'), fc.integer({ min: 1, max: 30 })).map(([inner, length]) => ({
      plan: { kind: 'cycle', inner: inner.plan, length } as SequencePlan,
      values: Array.from({ length }, (_, i) => inner.values[i % inner.values.length]!),
    })),
    fc.array(tie('e'), { minLength: 1, maxLength: 3 }).map((parts) => ({
      plan: {
        kind: 'concat',
        parts: parts.map((p) => p.plan),
        length: parts.reduce((n, p) => n + p.values.length, 0),
      } as SequencePlan,
      values: parts.flatMap((p) => p.values),
    })),
  ),
})).e

function modulo(value: bigint): bigint {
  return ((value % P) + P) % P
}

describe('sequences', () => {
  test('a plan writes the values it stands for, wherever it is cut', () => {
    fc.assert(
      fc.property(
        plan,
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 40 }),
        ({ plan: p, values }, at, room) => {
          expect(p.length).toBe(values.length)
          const out = new BigUint64Array(at + room)
          expect(writeSequence(p, out, at, P)).toBe(at + Math.min(room, values.length))
          expect([...out.subarray(at)]).toEqual(Array.from({ length: room }, (_, i) => values[i] ?? 0n))
        },
      ),
      { numRuns: 2000, seed: SEED },
    )
  })

  test('a pattern has the values of its plan', () => {
    fc.assert(
      fc.property(plan, ({ plan: p, values }) => {
        const pattern = sequenceToPattern(p, p.length, P)
        if (pattern !== undefined)
          expect([...materializeFixed({ kind: 'pattern', ...pattern }, p.length, 'x')]).toEqual(values)
      }),
      { numRuns: 1000, seed: SEED },
    )
  })
})

describe('FixedStore', () => {
  test('any order of sequences, writes, fills, copies, deferred loops and reads equals plain arrays', () => {
    const row = fc.nat(ROWS - 1)
    const value = fc.oneof(fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }), fc.bigInt({ min: 0n, max: 9n }))
    const action = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), column: fc.nat(1), row, value }),
      fc.record({ kind: fc.constant('fill' as const), column: fc.nat(1), row, value, count: fc.nat(ROWS) }),
      fc.record({
        kind: fc.constant('copy' as const),
        column: fc.nat(1),
        source: fc.nat(1),
        row,
        from: row,
        count: fc.nat(ROWS),
      }),
      fc.record({ kind: fc.constant('plan' as const), column: fc.nat(1), plan }),
      fc.record({ kind: fc.constant('read' as const), column: fc.nat(1), row }),
      fc.record({ kind: fc.constant('defer' as const), column: fc.nat(1), value, reads: fc.boolean() }),
      fc.record({ kind: fc.constant('load' as const), column: fc.nat(1) }),
      fc.record({ kind: fc.constant('release' as const), column: fc.nat(1) }),
      fc.record({ kind: fc.constant('rewind' as const), column: fc.nat(1) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const stores = [new FixedStore(ROWS), new FixedStore(ROWS)]
        const models = [new Array<bigint>(ROWS).fill(0n), new Array<bigint>(ROWS).fill(0n)]
        for (const step of actions) {
          const store = stores[step.column]!
          const model = models[step.column]!
          switch (step.kind) {
            case 'write':
              store.write(step.row, normal(step.value))
              model[step.row] = modulo(step.value)
              break
            case 'fill': {
              const count = Math.min(step.count, ROWS - step.row)
              store.fill(normal(step.value), step.row, count)
              model.fill(modulo(step.value), step.row, step.row + count)
              break
            }
            case 'copy': {
              const count = Math.min(step.count, ROWS - step.row, ROWS - step.from)
              store.copy(stores[step.source]!, step.from, step.row, count)
              models[step.source]!.slice(step.from, step.from + count).forEach((v, i) => {
                model[step.row + i] = v
              })
              break
            }
            case 'plan':
              if (step.plan.plan.length > ROWS) break
              store.setPlan(step.plan.plan)
              for (let i = 0; i < ROWS; i++) model[i] = step.plan.values[i] ?? 0n
              break
            case 'read':
              expect(BigInt(store.read(step.row))).toBe(model[step.row])
              break
            case 'defer': {
              if (store.assigned) break
              const source = stores[1 - step.column]!
              const added = (i: number) => (step.reads ? BigInt(source.read(i)) : 0n)
              // Adding to what is there shows a loop that is run again over its own rows.
              const fill = new DeferredFill(() => {
                for (let i = 0; i < ROWS; i++)
                  store.write(i, normal(BigInt(store.read(i)) + modulo(step.value + added(i))))
              })
              store.defer(fill)
              if (step.reads) source.beforeChange(() => fill.pin())
              models[1 - step.column]!.forEach((other, i) => {
                model[i] = modulo(step.value + (step.reads ? other : 0n))
              })
              break
            }
            case 'load':
              expect([...materializeFixed(store.content(), ROWS, 'x')]).toEqual(model)
              break
            case 'release':
              store.release()
              break
            default:
              releaseFixed([{ content: store.content() }])
          }
        }
        stores.forEach((store, i) => {
          expect([...materializeFixed(store.content(), ROWS, 'x')]).toEqual(models[i])
        })
      }),
      { numRuns: 1500, seed: SEED },
    )
  })

  test('a reader runs before the column it reads changes', () => {
    const store = new FixedStore(4)
    store.fill(7, 0, 4)
    let seen = 0n
    store.beforeChange(() => {
      seen = store.values()[1]!
    })
    store.write(1, 9)
    expect([seen, store.values()[1]]).toEqual([7n, 9n])
  })

  test('columns of one loop are dropped together and filled again, unless what the loop reads has changed', () => {
    const stores = [new FixedStore(4), new FixedStore(4), new FixedStore(4)]
    const [a, b, source] = stores as [FixedStore, FixedStore, FixedStore]
    source.fill(5, 0, 4)
    let runs = 0
    const fill = new DeferredFill(() => {
      runs++
      for (let i = 0; i < 4; i++) {
        a.write(i, Number(a.read(i)) + Number(source.read(i)))
        b.write(i, i)
      }
    })
    a.defer(fill)
    b.defer(fill)
    source.beforeChange(() => fill.pin())
    const contents = [a, b].map((store) => ({ content: store.content() }))
    const load = () => contents.map(({ content }) => [...materializeFixed(content, 4, 'x')])
    const expected = [
      [5n, 5n, 5n, 5n],
      [0n, 1n, 2n, 3n],
    ]
    expect([load(), runs]).toEqual([expected, 1])
    releaseFixed(contents)
    expect([load(), runs]).toEqual([expected, 2])
    source.write(0, 6)
    releaseFixed(contents)
    expect([load(), runs]).toEqual([expected, 2])
  })

  test('negative and large integers become field elements', () => {
    expect([feltOf(-1), feltOf(P + 5n), feltOf(3)]).toEqual([P - 1n, 5n, 3n])
  })
})

function normal(value: bigint): number | bigint {
  return value >= -(2n ** 53n) + 1n && value < 2n ** 53n ? Number(value) : value
}
