/** Expressions of an AIR as column programs, against the evaluator of the checker. */
import { ExpressionBuilder, type ExprId, evaluateDag, isColumn, NODE } from '@zisk/air'
import { type Ext, extField, extFromFelt, P } from '@zisk/field'
import { ADVERSARIAL_FELTS, createRandomWords } from '@zisk/field/testing'
import { describe, expect, test } from 'vitest'
import { compileExpression, type LeafBinding, type LeafTypes, runExpression } from './column-program.ts'
import { createInlineEngine, type Engine } from './engine.ts'
import { type PlanarColumn, readPlanar, reservePlanar } from './planar.ts'

const SEED = 0x1f83_d9abn
const LEAVES_OF_A_KIND = 2
const COLUMN_KINDS = [NODE.witness, NODE.fixed, NODE.custom]
const SCALAR_KINDS = [NODE.airValue, NODE.airGroupValue, NODE.proofValue, NODE.public, NODE.challenge]

/** Challenges and every second leaf of the kinds that have stages are over the extension. */
function isExtLeaf(kind: number, a: number): boolean {
  if (kind === NODE.challenge) return true
  return a === 1 && (kind === NODE.witness || kind === NODE.airValue || kind === NODE.airGroupValue)
}

const TYPES: LeafTypes = { isExt: isExtLeaf, stride: () => 8 }

/** A value for every leaf of every kind, edges among them. */
class RandomLeaves {
  readonly #next: () => bigint
  readonly #columns = new Map<string, { readonly place: PlanarColumn; readonly values: readonly Ext[] }>()
  readonly #scalars = new Map<string, Ext>()
  readonly rows: number

  constructor(engine: Engine, rows: number, seed: bigint) {
    this.#next = createRandomWords(seed)
    this.rows = rows
    for (const kind of COLUMN_KINDS)
      for (let a = 0; a < LEAVES_OF_A_KIND; a++)
        this.#columns.set(`${kind}:${a}`, this.#fill(engine, isExtLeaf(kind, a)))
    for (const kind of SCALAR_KINDS)
      for (let a = 0; a < LEAVES_OF_A_KIND; a++) this.#scalars.set(`${kind}:${a}`, this.#element(isExtLeaf(kind, a)))
  }

  binding(): LeafBinding {
    return {
      column: (kind, a) => {
        const { offset, plane } = this.#columns.get(`${kind}:${a}`)!.place
        return isExtLeaf(kind, a) ? [offset, offset + plane, offset + 2 * plane] : [offset]
      },
      scalar: (kind, a) => this.#scalars.get(`${kind}:${a}`)!,
    }
  }

  /** Value of a leaf at a row; rows wrap around. */
  at(row: number): (kind: number, a: number, b: number) => Ext {
    return (kind, a, b) =>
      isColumn(kind)
        ? this.#columns.get(`${kind}:${a}`)!.values[(((row + b) % this.rows) + this.rows) % this.rows]!
        : this.#scalars.get(`${kind}:${a}`)!
  }

  #fill(engine: Engine, isExt: boolean) {
    const place = reservePlanar(engine, this.rows)
    const values = Array.from({ length: this.rows }, () => this.#element(isExt))
    for (const [row, value] of values.entries())
      for (let k = 0; k < 3; k++) engine.arena.words(place.offset + k * place.plane + 8 * row, 1)[0] = value[k]!
    return { place, values }
  }

  #element(isExt: boolean): Ext {
    return isExt ? [this.#felt(), this.#felt(), this.#felt()] : extFromFelt(this.#felt())
  }

  #felt(): bigint {
    const word = this.#next()
    if (word % 3n > 0n) return word % P
    return ADVERSARIAL_FELTS[Number((word >> 8n) % BigInt(ADVERSARIAL_FELTS.length))]!
  }
}

/** Operations on random leaves of every kind and on earlier results. */
function randomExpressions(seed: bigint, operations: number): { e: ExpressionBuilder; outputs: ExprId[] } {
  const next = createRandomWords(seed)
  const below = (n: number) => Number(next() % BigInt(n))
  const e = new ExpressionBuilder()
  const nodes: ExprId[] = [e.constant(next()), e.witness(0)]
  const kinds = [...COLUMN_KINDS, ...COLUMN_KINDS, ...SCALAR_KINDS]
  for (let i = 0; i < operations; i++) {
    const kind = kinds[below(kinds.length)]!
    const a = below(LEAVES_OF_A_KIND)
    nodes.push(e.leaf(kind, a, isColumn(kind) ? below(7) - 3 : 0))
    if (below(4) === 0) nodes.push(e.constant(next()))
    const pick = (): ExprId => nodes[nodes.length - 1 - below(Math.min(nodes.length, 40))]!
    const [x, y] = [pick(), pick()]
    const complement = e.mul(x, e.sub(e.constant(1n), y))
    nodes.push([e.add(x, y), e.sub(x, y), e.mul(x, y), e.mul(y, x), e.neg(x), complement][below(6)]!)
  }
  return { e, outputs: nodes.slice(-12) }
}

describe(`expressions as column programs (seed ${SEED})`, () => {
  test.each([
    [2, 40],
    [8, 40],
    [8, 400],
    [2048, 60],
  ])('%i rows, %i operations: the values of the evaluator in every row', async (rows, operations) => {
    const engine = createInlineEngine()
    const seed = SEED + BigInt(operations)
    const { e, outputs: roots } = randomExpressions(seed, operations)
    const { dag, map } = e.extract(roots)
    const outputs = roots.map(map)
    const leaves = new RandomLeaves(engine, rows, seed)
    const compiled = compileExpression(dag, outputs, TYPES)
    const places = outputs.map(() => reservePlanar(engine, rows))
    await runExpression(engine, compiled, leaves.binding(), rows, places)
    // Both fields occur among the outputs, or the test shows half of what it should.
    expect(new Set(compiled.outputs).size).toBe(2)
    for (let row = 0; row < rows; row++) {
      const values = evaluateDag(dag, extField, leaves.at(row))
      for (const [i, output] of outputs.entries()) {
        const width = compiled.outputs[i] ? 3 : 1
        const got = readPlanar(engine, places[i]!, row).slice(0, width)
        expect(got, `row ${row}, output ${i}`).toEqual(values[output]!.slice(0, width))
        if (width === 1) expect(values[output]!.slice(1)).toEqual([0n, 0n])
      }
    }
  })
})
