/** Stage 2 of an instance: fractions by whole columns, running sums and products by scans. */
import {
  type Air,
  type ExprId,
  evaluateDag,
  extractDag,
  type Fraction,
  isColumn,
  type LogUpPlan,
  logUpPlan,
  NODE,
  type Pilout,
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
import { PANEL_WORDS } from '@zisk/verifier'
import type { ProverInstance, RunContext, Stage2Columns } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import type { Region } from './arena.ts'
import { type CompiledExpression, compileExpression, type LeafBinding, runExpression } from './column-program.ts'
import type { Engine } from './engine.ts'
import { type BorrowedPanels, borrowTrace, columnIn, type PanelMatrix, ROW_BYTES } from './extension.ts'
import type { Job } from './jobs.ts'
import { fillPlanar, type PlanarColumn, planarBytes, planarIn, readPlanar, reservePlanar } from './planar.ts'

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

/** Compiled once for each fraction or intermediate column of an AIR. */
const COMPILED = new WeakMap<object, CompiledExpression>()
const PLANS = new WeakMap<Air, LogUpPlan>()

function compiledFor(key: object, compile: () => CompiledExpression): CompiledExpression {
  const known = COMPILED.get(key) ?? compile()
  COMPILED.set(key, known)
  return known
}

/** The same plan at every call, so that its fractions are known again. */
function planFor(program: Pilout, air: Air): LogUpPlan {
  const known = PLANS.get(air) ?? logUpPlan(program, air)
  PLANS.set(air, known)
  return known
}

class Stage2 {
  readonly #engine: Engine
  readonly #instance: ProverInstance
  readonly #context: RunContext
  readonly #rows: number
  /** Columns of stage 2 by witness column. */
  readonly #columns = new Map<number, PlanarColumn>()
  readonly #airValues = new Map<number, Ext>()
  /** Contributions to values of the air group, by position. */
  readonly #airGroupValues = new Map<number, Ext>()
  /** Fixed and custom columns copied into the arena, by kind and index. */
  readonly #base = new Map<string, Region>()
  #stage1: BorrowedPanels | undefined

  constructor(engine: Engine, instance: ProverInstance, context: RunContext) {
    this.#engine = engine
    this.#instance = instance
    this.#context = context
    this.#rows = 2 ** instance.logRows
  }

  async derive(): Promise<Stage2Columns> {
    const { original, reduced, shape } = this.#instance
    const plan = planFor(this.#context.program, original)
    this.#stage1 = await borrowTrace(this.#engine, this.#instance.stage1 as PanelMatrix)
    for (const entry of plan.airValues) this.#airValues.set(entry.airValue, this.#scalar(original, entry))
    for (const entry of plan.columns) this.#columns.set(entry.column, await this.#fraction(original, entry))
    for (const { kind, column, row, total } of plan.accumulators) {
      const values = await this.#fraction(original, row)
      this.#accumulate(kind, values)
      this.#columns.set(column, values)
      if (total === undefined) continue
      const combine = kind === 'sum' ? extAdd : extMul
      const last = readPlanar(this.#engine, values, this.#rows - 1)
      this.#airGroupValues.set(total.result[1], combine(last, this.#scalar(original, total.direct)))
    }
    for (const intermediate of reduced.intermediates) {
      const { column, expression } = intermediate
      if (reduced.air.witness[column]!.stage === 2) {
        const target = reservePlanar(this.#engine, this.#rows)
        this.#columns.set(column, target)
        const compiled = compiledFor(intermediate, () => this.#compile(reduced.air, [expression]))
        await this.#run(reduced.air, compiled, [target])
      }
    }
    return {
      ...(shape.stage2.length === 0 ? {} : { matrix: await this.#gather() }),
      airValues: original.airValues.flatMap(({ stage }, i) => (stage === 2 ? [this.#airValues.get(i)!] : [])),
      airGroupValues: shape.airGroupValues.map((value) => this.#airGroupValues.get(value)!),
    }
  }

  release(): void {
    this.#stage1?.giveBack()
    for (const region of this.#base.values()) this.#engine.release(region)
    for (const { region } of this.#columns.values()) this.#engine.release(region)
  }

  async #fraction(air: Air, fraction: Fraction): Promise<PlanarColumn> {
    const { arena } = this.#engine
    const { numerator, denominator } = fraction
    const bytes = planarBytes(this.#rows)
    const [first, second, work] = arena.reserveTogether([bytes, bytes, 8 * this.#rows]) as [Region, Region, Region]
    const [above, below] = [planarIn(first, this.#rows), planarIn(second, this.#rows)]
    const parts = [
      { value: numerator, target: above },
      { value: denominator, target: below },
    ]
    for (const { value, target } of parts)
      if (typeof value === 'bigint') fillPlanar(this.#engine, target, extFromFelt(toFelt(value)))
    const varying = parts.flatMap(({ value, target }) => (typeof value === 'number' ? [{ value, target }] : []))
    const compiled = compiledFor(fraction, () =>
      this.#compile(
        air,
        varying.map(({ value }) => value),
      ),
    )
    await this.#run(
      air,
      compiled,
      varying.map(({ target }) => target),
    )
    const hasZero = await this.#divide(above, below, work)
    this.#engine.release(second, work)
    if (hasZero) {
      arena.release(above.region)
      throw zeroDenominator()
    }
    return above
  }

  /** above /= below; whether some denominator is zero. */
  async #divide(above: PlanarColumn, below: PlanarColumn, work: Region): Promise<boolean> {
    const { arena, runner } = this.#engine
    const zero = arena.reserveNear(above.offset, 8)
    arena.clear(zero)
    const jobs = this.#engine.ranges(this.#rows, 2).map(({ begin, end }) => ({
      kind: 'divide' as const,
      above: above.offset + 8 * begin,
      below: below.offset + 8 * begin,
      plane: above.plane,
      work: work.offset + 8 * begin,
      count: end - begin,
      zero: zero.offset,
    }))
    await runner.run(jobs)
    const hasZero = arena.words(zero.offset, 1)[0] !== 0n
    arena.release(zero)
    return hasZero
  }

  #accumulate(kind: 'sum' | 'product', { offset, plane }: PlanarColumn): void {
    const kernels = this.#engine.kernelsAt(offset)
    if (kind === 'product') {
      kernels.extPrefixProducts(offset, plane, this.#rows)
      return
    }
    for (let k = 0; k < 3; k++) {
      const at = offset + k * plane
      kernels.prefixSums(at, at, 0n, this.#rows)
    }
  }

  #compile(air: Air, outputs: readonly ExprId[]): CompiledExpression {
    return compileExpression(air.expressions, outputs, {
      isExt: (kind, a) => {
        if (kind === NODE.witness) return air.witness[a]!.stage === 2
        if (kind === NODE.airValue) return air.airValues[a]!.stage === 2
        return kind === NODE.airGroupValue || kind === NODE.challenge
      },
      stride: (kind, a) => (kind === NODE.witness && air.witness[a]!.stage === 1 ? ROW_BYTES : 8),
    })
  }

  async #run(air: Air, compiled: CompiledExpression, targets: readonly PlanarColumn[]): Promise<void> {
    const binding: LeafBinding = {
      column: (kind, a) => this.#place(air, kind, a),
      scalar: (kind, a, b) => this.#value(air, kind, a, b),
    }
    // A program writes all coordinates of an output over the extension, and the first of any other.
    for (const [i, isExt] of compiled.outputs.entries()) if (!isExt) fillPlanar(this.#engine, targets[i]!, EXT_ZERO, 1)
    await runExpression(this.#engine, compiled, binding, this.#rows, targets)
  }

  /** A fraction over values that are the same in all rows. */
  #scalar(air: Air, { numerator, denominator }: Fraction): Ext {
    const nodes = [numerator, denominator].filter((value) => typeof value === 'number')
    const { dag, map } = extractDag(air.expressions, nodes)
    const values = evaluateDag(dag, extField, (kind, a, b) => {
      if (!isColumn(kind)) return this.#value(air, kind, a, b)
      throw new ProverError({ code: 'SETUP_UNSUPPORTED', message: 'a direct bus term uses a column', where: air.name })
    })
    const termValue = (term: TermValue): Ext =>
      typeof term === 'number' ? values[map(term)]! : extFromFelt(toFelt(term))
    const below = termValue(denominator)
    if (extEquals(below, EXT_ZERO)) throw zeroDenominator()
    return extMul(termValue(numerator), extInv(below))
  }

  #place(air: Air, kind: number, a: number): Offset[] {
    if (kind === NODE.witness && air.witness[a]!.stage === 2) {
      const { offset, plane } = this.#columns.get(a)!
      return [0, 1, 2].map((k) => offset + k * plane)
    }
    if (kind === NODE.witness) return [columnIn(this.#stage1!.panels, this.#instance.shape.stage1.indexOf(a))]
    return [this.#baseColumn(kind, a)]
  }

  #baseColumn(kind: number, a: number): Offset {
    const key = `${kind}:${a}`
    let region = this.#base.get(key)
    if (region === undefined) {
      const { fixed, custom } = this.#instance
      const values = kind === NODE.fixed ? fixed(a) : custom[a]!
      region = this.#engine.arena.reserve(8 * this.#rows)
      this.#engine.arena.words(region.offset, this.#rows).set(values)
      this.#base.set(key, region)
    }
    return region.offset
  }

  #value(air: Air, kind: number, a: number, b: number): Ext {
    const { publics, proofValues, challenges } = this.#context
    switch (kind) {
      case NODE.airValue:
        if (air.airValues[a]!.stage === 2) return this.#airValues.get(a) ?? EXT_ZERO
        return extFromFelt(this.#instance.airValues[a]!)
      case NODE.airGroupValue:
        return this.#airGroupValues.get(b)!
      case NODE.proofValue:
        return extFromFelt(proofValues[a]!)
      case NODE.public:
        return extFromFelt(publics[a]!)
      default:
        return challenges[a]!
    }
  }

  /** Moves the columns into panels; each is given back when its last coordinate is there. */
  async #gather(): Promise<PanelMatrix> {
    const { shape, logRows } = this.#instance
    const { arena, runner } = this.#engine
    const width = 3 * shape.stage2.length
    const trace: Region[] = []
    for (let first = 0; first < width; first += PANEL_WORDS) {
      const words = Array.from({ length: Math.min(PANEL_WORDS, width - first) }, (_, i) => first + i)
      const columns = words.map((word) => {
        const { offset, plane } = this.#columns.get(shape.stage2[Math.floor(word / 3)]!)!
        return offset + (word % 3) * plane
      })
      const panel = arena.reserve(ROW_BYTES * this.#rows)
      trace.push(panel)
      const { offset } = panel
      await runner.run(
        this.#engine.ranges(this.#rows, 2).map((range): Job => {
          return { kind: 'gather', columns, panel: offset, ...range }
        }),
      )
      for (const word of words)
        if (word % 3 === 2) {
          const column = shape.stage2[Math.floor(word / 3)]!
          arena.release(this.#columns.get(column)!.region)
          this.#columns.delete(column)
        }
    }
    return { logRows, width, trace, cosets: [] }
  }
}

function zeroDenominator(): ProverError {
  return new ProverError({
    code: 'PROVER_DENOMINATOR_ZERO',
    message: 'a denominator of a bus is zero at the drawn challenges',
  })
}
