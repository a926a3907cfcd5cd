import type { AirInstance, Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import type { ChunkStart, StepBatch } from '@zisk/emulator'
import {
  type BusDevice,
  type CheckPoint,
  describePlan,
  type Instance,
  type InstanceCtx,
  type InstanceType,
  InstanceWriter,
  MIN_LOG_ROWS,
  type Plan,
  segmentHeights,
  setNumber,
} from '@zisk/witness'
import { REGISTERS, RegisterAccesses, SLOTS } from './register-accesses.ts'
import type { RegisterReadsColumnLabel } from './register-reads-columns.gen.ts'

const REGISTER_READS = 'RegisterReads'

/** Steps in front of which all registers are read: every `gapRows` rows within the segments of Main. */
export function readStepsOf(main: readonly Plan[], gapRows: number): number[] {
  return main.flatMap(({ from, rows }) =>
    Array.from({ length: Math.ceil(rows / gapRows) - 1 }, (_, i) => from + (i + 1) * gapRows),
  )
}

/** What the plans of the reads depend on. */
interface ReadsOfRun {
  readonly readSteps: readonly number[]
  readonly gapRows: number
  /** Steps by chunk. */
  readonly chunkSteps: readonly number[]
  readonly maxLogRows: number
}

/** Plans of RegisterReads: 31 rows for each of the steps. */
export function planRegisterReads({ readSteps, gapRows, chunkSteps, maxLogRows }: ReadsOfRun): readonly Plan[] {
  const total = REGISTERS * readSteps.length
  const heights = segmentHeights(total, { minLogRows: MIN_LOG_ROWS, maxLogRows })
  let from = 0
  return heights.map((rows, segment) => {
    const count = Math.min(rows, total - from)
    const first = readSteps[Math.floor(from / REGISTERS)]! - gapRows
    const last = readSteps[Math.ceil((from + count) / REGISTERS) - 1]!
    const plan = {
      air: REGISTER_READS,
      segment,
      rows,
      from,
      count,
      isLast: segment === heights.length - 1,
      checkPoint: { chunk: chunkOf(first, chunkSteps), skip: 0 },
      endChunk: 1 + chunkOf(last - 1, chunkSteps),
    }
    from += count
    return plan
  })
}

/** The chunk that executes a step; the last one for steps behind the end of the run. */
function chunkOf(step: number, chunkSteps: readonly number[]): number {
  let chunk = 0
  for (let behind = chunkSteps[0]!; behind <= step && chunk < chunkSteps.length - 1; ) behind += chunkSteps[++chunk]!
  return chunk
}

/** What all instances of RegisterReads have in common. */
export interface RegisterReadsSource {
  readonly program: Pilout
  readonly rom: ZiskRom
  readonly readSteps: readonly number[]
  readonly gapRows: number
}

/** One segment of RegisterReads: reads of the registers 1 to 31 in front of one step after the other. */
export class RegisterReadsInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #source: RegisterReadsSource
  readonly #ctx: InstanceCtx
  #registers: RegisterAccesses
  #isStarted = false
  /** Position in the list of steps of the next reads, and of those behind the last ones. */
  #next: number
  readonly #end: number
  #writer: InstanceWriter<RegisterReadsColumnLabel, string>

  constructor(source: RegisterReadsSource, ctx: InstanceCtx) {
    const { plan } = ctx
    this.#source = source
    this.#ctx = ctx
    this.checkPoint = plan.checkPoint
    this.#registers = new RegisterAccesses(source.rom)
    this.#next = Math.floor(plan.from / REGISTERS)
    this.#end = Math.ceil((plan.from + plan.count) / REGISTERS)
    this.#writer = new InstanceWriter(source.program, { ...plan, columns: ctx.columns })
  }

  buildInputsCollector({ registers }: ChunkStart): BusDevice {
    if (!this.#isStarted) this.#registers.load(registers)
    this.#isStarted = true
    return { process: (batch) => this.#process(batch) }
  }

  /** Reads behind the end of the run find the registers as it left them. */
  computeWitness(): AirInstance {
    while (this.#next < this.#end) {
      this.#begin(this.#readStep)
      this.#read()
    }
    return this.#writer.instance
  }

  reset(): void {
    const { plan, columns } = this.#ctx
    this.#registers = new RegisterAccesses(this.#source.rom)
    this.#isStarted = false
    this.#next = Math.floor(plan.from / REGISTERS)
    this.#writer = new InstanceWriter(this.#source.program, { ...plan, columns })
  }

  debug(): string {
    return describePlan(this.#ctx.plan, Math.max(0, REGISTERS * this.#next - this.#ctx.plan.from))
  }

  get #readStep(): number {
    return this.#source.readSteps[this.#next]!
  }

  #process(batch: StepBatch): void {
    const end = batch.firstStep + batch.length
    let from = batch.firstStep
    while (from < end && this.#next < this.#end) {
      const begin = this.#readStep - this.#source.gapRows
      if (from === begin) this.#registers.readAll(begin)
      const to = Math.min(end, from < begin ? begin : this.#readStep)
      this.#registers.follow(batch, from - batch.firstStep, to - batch.firstStep)
      from = to
      if (from === this.#readStep) this.#read()
    }
  }

  /** Where the run ended before the last access that counts before the reads: nothing was accessed since. */
  #begin(readStep: number): void {
    const begin = SLOTS * (readStep - this.#source.gapRows)
    const { memStep } = this.#registers
    for (let r = 1; r <= REGISTERS; r++) memStep[r] = Math.max(memStep[r]!, begin)
  }

  /** The rows of the next step: those of them that are in this segment. */
  #read(): void {
    const { from, count } = this.#ctx.plan
    const column = (label: RegisterReadsColumnLabel): Uint32Array => this.#writer.words(label)
    const [sel, register, memStep] = [column('sel'), column('register'), column('mem_step')]
    const [before, low, high] = [column('prev_mem_step'), column('value[0]'), column('value[1]')]
    const { memStep: last, value } = this.#registers
    for (let r = 1; r <= REGISTERS; r++) {
      const row = REGISTERS * this.#next + r - 1 - from
      if (row < 0 || row >= count) continue
      const o = 2 * row
      sel[o] = 1
      register[o] = r
      setNumber(memStep, o, SLOTS * this.#readStep)
      setNumber(before, o, last[r]!)
      low[o] = value[2 * r]!
      high[o] = value[2 * r + 1]!
    }
    this.#registers.readAll(this.#readStep)
    this.#next++
  }
}
