/** Stage 2 of an instance: fractions by whole columns, running sums by prefix sums. */
import {
  type Air,
  type ExpressionDag,
  type ExprId,
  evaluateDag,
  extractDag,
  type Fraction,
  isColumn,
  logUpPlan,
  NODE,
  type TermValue,
} from '@zisk/air'
import {
  EXT_ZERO,
  type Ext,
  extAdd,
  extEquals,
  extField,
  extFromFelt,
  extInv,
  extMul,
  type Offset,
  toFelt,
} from '@zisk/field'
import type { ProverInstance, RunContext, Stage2Columns } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import type { Region } from './arena.ts'
import { compileColumnProgram, type LeafPlace } from './column-program.ts'
import type { Engine } from './engine.ts'
import { fillPlanar, type PlanarColumn, readPlanar, reservePlanar } from './planar.ts'
import { runOverRows } from './programs.ts'

/** @throws ProverError PROVER_DENOMINATOR_ZERO. */
export async function stage2Panels(
  engine: Engine,
  instance: ProverInstance,
  context: RunContext,
): Promise<Stage2Columns> {
  const state = new Stage2(engine, instance, context)
  try {
    return await state.derive()
  } finally {
    state.release()
  }
}

class Stage2 {
  readonly #engine: Engine
  readonly #instance: ProverInstance
  readonly #context: RunContext
  readonly #rows: number
  /** Columns of stage 2 by witness column. */
  readonly #columns = new Map<number, PlanarColumn>()
  readonly #airValues = new Map<number, Ext>()
  #result: Ext = EXT_ZERO
  /** Base columns copied into the arena, by kind and index. */
  readonly #base = new Map<string, Region>()

  constructor(engine: Engine, instance: ProverInstance, context: RunContext) {
    this.#engine = engine
    this.#instance = instance
    this.#context = context
    this.#rows = 2 ** instance.logRows
  }

  async derive(): Promise<Stage2Columns> {
    const { original, reduced, shape } = this.#instance
    const plan = logUpPlan(this.#context.program, original)
    for (const entry of plan.airValues) this.#airValues.set(entry.airValue, this.#scalar(original, entry))
    for (const entry of plan.columns) this.#columns.set(entry.column, await this.#fraction(original, entry))
    if (plan.sum !== undefined) {
      const column = await this.#fraction(original, plan.sum.row)
      this.#prefixSum(column)
      this.#columns.set(plan.sum.column, column)
      const last = readPlanar(this.#engine, column, this.#rows - 1)
      this.#result = extAdd(last, this.#scalar(original, plan.sum.direct))
    }
    for (const { column, expression } of reduced.intermediates)
      if (reduced.air.witness[column]!.stage === 2) {
        const target = reservePlanar(this.#engine, this.#rows)
        this.#columns.set(column, target)
        await this.#evaluate(reduced.air, reduced.air.expressions, [expression], [target])
      }
    return {
      columns: shape.stage2.flatMap((column) => this.#read(this.#columns.get(column)!)),
      airValues: original.airValues.flatMap(({ stage }, i) => (stage === 2 ? [this.#airValues.get(i)!] : [])),
      airGroupValues: shape.airGroupValues.map(() => this.#result),
    }
  }

  release(): void {
    for (const region of this.#base.values()) this.#engine.release(region)
    for (const { region } of this.#columns.values()) this.#engine.release(region)
  }

  async #fraction(air: Air, { numerator, denominator }: Fraction): Promise<PlanarColumn> {
    const { kernels, arena } = this.#engine
    const [above, below] = [reservePlanar(this.#engine, this.#rows), reservePlanar(this.#engine, this.#rows)]
    const parts = [
      { value: numerator, target: above },
      { value: denominator, target: below },
    ]
    const varying = parts.flatMap(({ value, target }) => (typeof value === 'number' ? [{ value, target }] : []))
    for (const { value, target } of parts)
      if (typeof value === 'bigint') fillPlanar(this.#engine, target, extFromFelt(toFelt(value)))
    await this.#evaluate(
      air,
      air.expressions,
      varying.map(({ value }) => value),
      varying.map(({ target }) => target),
    )
    const work = arena.reserve(8 * this.#rows)
    const hasZero = kernels.extInverseColumn(below.offset, below.offset, below.plane, work.offset, this.#rows)
    if (hasZero === 0) kernels.extMulColumns(above.offset, below.offset, above.offset, above.plane, this.#rows)
    this.#engine.release(work, below.region)
    if (hasZero === 1) {
      arena.release(above.region)
      throw zeroDenominator()
    }
    return above
  }

  #prefixSum({ offset, plane }: PlanarColumn): void {
    for (let k = 0; k < 3; k++) {
      const at = offset + k * plane
      this.#engine.kernels.prefixSums(at, at, 0n, this.#rows)
    }
  }

  async #evaluate(
    air: Air,
    dag: ExpressionDag,
    outputs: readonly ExprId[],
    targets: readonly PlanarColumn[],
  ): Promise<void> {
    const places: LeafPlace[] = []
    const program = compileColumnProgram(dag, outputs, {
      column: (kind, a) => {
        const place = this.#place(air, kind, a)
        return { leaf: places.push(place) - 1, isBase: place.coordinates.length === 1 }
      },
      scalar: (kind, a) => this.#value(air, kind, a),
    })
    const stores = targets.map(({ offset, plane }) => ({ dst: offset, plane }))
    await runOverRows(this.#engine, program, places, this.#rows, stores)
  }

  /** A fraction over values that are the same in all rows. */
  #scalar(air: Air, { numerator, denominator }: Fraction): Ext {
    const nodes = [numerator, denominator].filter((value) => typeof value === 'number')
    const { dag, map } = extractDag(air.expressions, nodes)
    const values = evaluateDag(dag, extField, (kind, a) => {
      if (!isColumn(kind)) return this.#value(air, kind, a)
      throw new ProverError({ code: 'SETUP_UNSUPPORTED', message: 'a direct bus term uses a column', where: air.name })
    })
    const termValue = (term: TermValue): Ext =>
      typeof term === 'number' ? values[map(term)]! : extFromFelt(toFelt(term))
    const below = termValue(denominator)
    if (extEquals(below, EXT_ZERO)) throw zeroDenominator()
    return extMul(termValue(numerator), extInv(below))
  }

  #place(air: Air, kind: number, a: number): LeafPlace {
    if (kind === NODE.witness && air.witness[a]!.stage === 2) {
      const { offset, plane } = this.#columns.get(a)!
      return { coordinates: [0, 1, 2].map((k) => offset + k * plane), stride: 8 }
    }
    return { coordinates: [this.#baseColumn(kind, a)], stride: 8 }
  }

  #baseColumn(kind: number, a: number): Offset {
    const key = `${kind}:${a}`
    let region = this.#base.get(key)
    if (region === undefined) {
      const { stage1, fixed, witness } = this.#instance
      const values = kind === NODE.witness ? stage1.get(a)! : kind === NODE.fixed ? fixed[a]! : witness.custom[a]!
      region = this.#engine.arena.reserve(8 * this.#rows)
      this.#engine.arena.words.set(values, region.offset / 8)
      this.#base.set(key, region)
    }
    return region.offset
  }

  #value(air: Air, kind: number, a: number): Ext {
    const { publics, proofValues, challenges } = this.#context
    switch (kind) {
      case NODE.airValue:
        if (air.airValues[a]!.stage === 2) return this.#airValues.get(a) ?? EXT_ZERO
        return extFromFelt(this.#instance.witness.airValues[a]!)
      case NODE.airGroupValue:
        return this.#result
      case NODE.proofValue:
        return extFromFelt(proofValues[a]!)
      case NODE.public:
        return extFromFelt(publics[a]!)
      default:
        return challenges[a]!
    }
  }

  #read({ offset, plane }: PlanarColumn): BigUint64Array[] {
    const { words } = this.#engine.arena
    return [0, 1, 2].map((k) => {
      const at = (offset + k * plane) / 8
      return words.slice(at, at + this.#rows)
    })
  }
}

function zeroDenominator(): ProverError {
  return new ProverError({
    code: 'PROVER_DENOMINATOR_ZERO',
    message: 'a denominator of a bus is zero at the drawn challenges',
  })
}
