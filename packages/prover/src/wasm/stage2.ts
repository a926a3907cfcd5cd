/** Stage 2 of an instance: passes over its rows that write the panels, and the values that the totals give. */
import { evaluateDag, isColumn, NODE, type TermValue } from '@zisk/air'
import {
  EXT_ZERO,
  type Ext,
  extAdd,
  extEquals,
  extField,
  extFromFelt,
  extInv,
  extMul,
  tapeBytes,
  writeTape,
} from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import type { ProverInstance, RunContext, Stage2Columns } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import { type Address, MEMORY_SPAN, type Region } from './arena.ts'
import { scalarWords } from './column-program.ts'
import type { Engine } from './engine.ts'
import { type BorrowedPanels, borrowTrace, columnIn, type PanelMatrix, ROW_BYTES } from './extension.ts'
import {
  type BlockFraction,
  CARRY_WORK_BYTES,
  type CarryJob,
  type FractionsJob,
  type FractionWave,
  fractionRows,
  fractionsLayout,
  type PanelWrite,
} from './fractions-job.ts'
import type { ScalarFraction, Stage2Pass, Stage2Program, Stage2Wave } from './stage2-program.ts'

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

/** Slots of the columns of a pass, and of the denominators of its waves behind them. */
interface PassSlots {
  readonly slotOf: ReadonlyMap<number, number>
  /** Denominators of one wave at the most. */
  readonly denominators: number
}

class Stage2 {
  readonly #engine: Engine
  readonly #instance: ProverInstance
  readonly #context: RunContext
  readonly #rows: number
  readonly #panels: Region[] = []
  readonly #airValues = new Map<number, Ext>()
  /** Contributions to values of the air group, by position. */
  readonly #airGroupValues = new Map<number, Ext>()
  /** Fixed and custom columns copied into the arena, by kind and index. */
  readonly #base = new Map<string, Region>()
  /** Panels that some pass has written. */
  readonly #written = new Set<number>()
  #stage1: BorrowedPanels | undefined

  constructor(engine: Engine, instance: ProverInstance, context: RunContext) {
    this.#engine = engine
    this.#instance = instance
    this.#context = context
    this.#rows = 2 ** instance.logRows
  }

  async derive(): Promise<Stage2Columns> {
    const { shape, logRows } = this.#instance
    const program = this.#instance.programs().stage2
    if (program.hasZeroDenominator) throw zeroDenominator()
    this.#stage1 = await borrowTrace(this.#engine, this.#instance.stage1 as PanelMatrix)
    for (const { airValue, value } of program.airValues) this.#airValues.set(airValue, this.#scalar(value))
    const width = 3 * shape.stage2.length
    for (let word = 0; word < width; word += PANEL_WORDS)
      this.#panels.push(this.#engine.arena.reserve(ROW_BYTES * this.#rows))
    for (const [i, pass] of program.passes.entries()) await this.#pass(program, i, pass)
    const matrix: PanelMatrix = { logRows, width, trace: this.#panels, cosets: [] }
    return {
      ...(width === 0 ? {} : { matrix }),
      airValues: shape.air.airValues.flatMap(({ stage }, i) => (stage === 2 ? [this.#airValues.get(i)!] : [])),
      airGroupValues: shape.airGroupValues.map((value) => this.#airGroupValues.get(value)!),
    }
  }

  release(): void {
    this.#stage1?.giveBack()
    for (const region of this.#base.values()) this.#engine.release(region)
  }

  async #pass(program: Stage2Program, index: number, pass: Stage2Pass): Promise<void> {
    const { arena, runner } = this.#engine
    const blockRows = fractionRows(this.#rows)
    const slots = passSlots(pass)
    const layout = fractionsLayout(blockRows, {
      slots: slots.slotOf.size + slots.denominators,
      denominators: slots.denominators,
      programBytes: Math.max(...pass.waves.map(({ compiled }) => compiled.tape.workBytes)),
    })
    const tapes = pass.waves.map(({ compiled }) => tapeBytes(compiled.tape))
    // A product is one chain over all rows; sums of ranges are put together afterwards.
    const isChain = pass.accumulators.some(({ kind }) => kind === 'product')
    const ranges = isChain ? [{ begin: 0, end: this.#rows }] : this.#engine.ranges(this.#rows, blockRows)
    const slot = (column: number): number => slots.slotOf.get(column)!
    const accumulators = pass.accumulators.map(({ column, kind, addends }) => {
      return { slot: slot(column), kind, addends: addends.map(slot) }
    })
    const totalBytes = 24 * Math.max(1, accumulators.length)
    const sizes = [8, ...tapes, ...ranges.flatMap(() => [layout.bytes, totalBytes])]
    const near = this.#stage1!.panels[0]
    const regions = (near && arena.tryNear(near.offset, sizes)) ?? arena.reserveTogether(sizes)
    const [zero, ...others] = regions as [Region, ...Region[]]
    arena.clear(zero)
    const isInPass = (column: number): boolean => program.passOf.get(column) === index
    const waves = pass.waves.map((wave, i) =>
      this.#wave(wave, others[i]!.offset, { slots, isInPass, plane: layout.plane, blockRows }),
    )
    const panels = this.#panelWrites(slots.slotOf)
    const works = others.slice(tapes.length)
    const jobs = ranges.map((range, i): FractionsJob => {
      const [work, totals] = [works[2 * i]!.offset, works[2 * i + 1]!.offset]
      const places = { totals, zero: zero.offset, work, layout, blockRows, rows: this.#rows }
      return { kind: 'fractions', waves, panels, accumulators, ...places, ...range }
    })
    await runner.run(jobs)
    const hasZero = arena.words(zero.offset, 1)[0] !== 0n
    const sums = jobs.map(({ totals }) => [...arena.words(totals, 3 * accumulators.length)])
    this.#engine.release(...regions)
    if (hasZero) throw zeroDenominator()
    for (const [i, { column, kind, total }] of pass.accumulators.entries()) {
      const parts = sums.map((words) => words.slice(3 * i, 3 * i + 3) as unknown as Ext)
      if (ranges.length > 1) await this.#carry(column, ranges, parts)
      if (total === undefined) continue
      const direct = this.#scalar(total.direct)
      this.#airGroupValues.set(total.airGroupValue, [...parts, direct].reduce(kind === 'sum' ? extAdd : extMul))
    }
  }

  /** A wave as jobs take it; its tape goes to `tape`. */
  #wave(
    { compiled, columns }: Stage2Wave,
    tape: Address,
    {
      slots,
      isInPass,
      plane,
      blockRows,
    }: {
      readonly slots: PassSlots
      readonly isInPass: (column: number) => boolean
      readonly plane: number
      readonly blockRows: number
    },
  ): FractionWave {
    const { arena } = this.#engine
    const { air } = this.#instance.shape
    const place = (slot: number, k: number): number => 8 * blockRows * slot + k * plane
    const words = scalarWords(compiled, (kind, a, b) => this.#value(kind, a, b))
    writeTape(arena.bytes(tape, 0).buffer, tape % MEMORY_SPAN, compiled.tape, words)
    const leaves: Address[] = []
    const local: number[] = []
    for (const { kind, a } of compiled.leaves)
      if (kind === NODE.witness && air.witness[a]!.stage === 2 && isInPass(a))
        for (let k = 0; k < 3; k++) local.push(leaves.push(place(slots.slotOf.get(a)!, k)) - 1)
      else leaves.push(...this.#place(kind, a))
    const outputs = new Array<number[]>(compiled.outputs.length)
    const zeros: number[] = []
    const output = (i: number, slot: number, wantsAll: boolean): void => {
      const all = [0, 1, 2].map((k) => place(slot, k))
      outputs[i] = compiled.outputs[i]! ? all : [all[0]!]
      if (!compiled.outputs[i]! && wantsAll) zeros.push(all[1]!, all[2]!)
    }
    const first = slots.slotOf.size
    let count = 0
    const fractions = columns.map(({ column, numerator, denominator }): BlockFraction => {
      const slot = slots.slotOf.get(column)!
      if (numerator !== undefined) output(numerator, slot, denominator === undefined)
      const isExt = numerator !== undefined && compiled.outputs[numerator]!
      const kind = numerator === undefined ? 'one' : isExt ? 'ext' : 'base'
      if (denominator === undefined) return { slot, numerator: kind }
      output(denominator, first + count, true)
      return { slot, numerator: kind, denominator: first + count++ }
    })
    return {
      cost: compiled.cost,
      columns: leaves,
      local,
      strides: compiled.strides,
      offsets: compiled.offsets,
      outputs: outputs.flat(),
      tape,
      fractions,
      zeros,
      denominators: { first, count },
    }
  }

  /** The words of panels that the columns of a pass are. */
  #panelWrites(slotOf: ReadonlyMap<number, number>): PanelWrite[] {
    const { stage2 } = this.#instance.shape
    const width = 3 * stage2.length
    return this.#panels.flatMap((panel, p): PanelWrite[] => {
      const count = Math.min(PANEL_WORDS, width - PANEL_WORDS * p)
      const words = Array.from({ length: count }, (_, i) => {
        const word = PANEL_WORDS * p + i
        const slot = slotOf.get(stage2[Math.floor(word / 3)]!)
        return slot === undefined ? undefined : { slot, coordinate: word % 3 }
      })
      if (words.every((word) => word === undefined)) return []
      const isFirst = !this.#written.has(p)
      this.#written.add(p)
      return [{ panel: panel.offset, words, isFirst }]
    })
  }

  /** Adds to each range of a running sum what those before it came to. */
  async #carry(
    column: number,
    ranges: readonly { readonly begin: number; readonly end: number }[],
    sums: readonly Ext[],
  ): Promise<void> {
    const { arena, runner } = this.#engine
    const works: Region[] = []
    const jobs: CarryJob[] = []
    let before = EXT_ZERO
    for (const [i, range] of ranges.entries()) {
      for (const [k, at] of i === 0 ? [] : this.#stage2Place(column).entries()) {
        const work = arena.reserveNear(at, CARRY_WORK_BYTES)
        works.push(work)
        jobs.push({ kind: 'carry', column: at, amount: before[k]!, work: work.offset, ...range })
      }
      before = extAdd(before, sums[i]!)
    }
    await runner.run(jobs)
    this.#engine.release(...works)
  }

  /** A fraction over values that are the same in all rows. */
  #scalar({ dag, numerator, denominator }: ScalarFraction): Ext {
    const values = evaluateDag(dag, extField, (kind, a, b) => {
      if (!isColumn(kind)) return this.#value(kind, a, b)
      const where = this.#instance.original.name
      throw new ProverError({ code: 'SETUP_UNSUPPORTED', message: 'a direct bus term uses a column', where })
    })
    const termValue = (term: TermValue): Ext => (typeof term === 'number' ? values[term]! : extFromFelt(term))
    const below = termValue(denominator)
    if (extEquals(below, EXT_ZERO)) throw zeroDenominator()
    return extMul(termValue(numerator), extInv(below))
  }

  #place(kind: number, a: number): Address[] {
    const { air, stage1 } = this.#instance.shape
    if (kind === NODE.witness && air.witness[a]!.stage === 2) return this.#stage2Place(a)
    if (kind === NODE.witness) return [columnIn(this.#stage1!.panels, stage1.indexOf(a))]
    return [this.#baseColumn(kind, a)]
  }

  #stage2Place(column: number): Address[] {
    const word = 3 * this.#instance.shape.stage2.indexOf(column)
    return [0, 1, 2].map((k) => columnIn(this.#panels, word + k))
  }

  #baseColumn(kind: number, a: number): Address {
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

  #value(kind: number, a: number, b: number): Ext {
    const { publics, proofValues, challenges } = this.#context
    switch (kind) {
      case NODE.airValue:
        if (this.#instance.shape.air.airValues[a]!.stage === 2) return this.#airValues.get(a) ?? EXT_ZERO
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
}

/** Columns first, in the order of the pass, then denominators. */
function passSlots({ waves }: Stage2Pass): PassSlots {
  const columns = waves.flatMap((wave) => wave.columns)
  const counts = waves.map((wave) => wave.columns.filter(({ denominator }) => denominator !== undefined).length)
  return {
    slotOf: new Map(columns.map(({ column }, slot) => [column, slot])),
    denominators: Math.max(...counts),
  }
}

function zeroDenominator(): ProverError {
  return new ProverError({
    code: 'PROVER_DENOMINATOR_ZERO',
    message: 'a denominator of a bus is zero at the drawn challenges',
  })
}
