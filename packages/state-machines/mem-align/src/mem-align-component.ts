import { type AirInstance, createInstance, type Pilout } from '@zisk/air'
import { FLAG, type ZiskRom } from '@zisk/core'
import {
  AlignmentInputs,
  type BusDevice,
  type CheckPoint,
  type ComponentBuilder,
  type Counter,
  describePlan,
  type InputsGenerator,
  type Instance,
  type InstanceCtx,
  type InstanceType,
  type MemoryInputs,
  MemoryInputsGenerator,
  type Planner,
  planSlices,
} from '@zisk/witness'
import { type AlignmentMachine, type AlignmentSlice, alignmentMachine } from './alignment-machine.ts'
import { fillMemAlign } from './fill-mem-align.ts'
import { fillMemAlignReadByte, fillMemAlignWriteByte } from './fill-mem-align-byte.ts'
import { fillMemAlignWord } from './fill-mem-align-word.ts'

/** log2 of the largest height of an alignment machine. */
export const MEM_ALIGN_MAX_LOG_ROWS = 20

const FILLS: Readonly<Record<AlignmentMachine, (instance: AirInstance, slice: AlignmentSlice) => void>> = {
  MemAlign: fillMemAlign,
  MemAlignWord: fillMemAlignWord,
  MemAlignReadByte: fillMemAlignReadByte,
  MemAlignWriteByte: fillMemAlignWriteByte,
}
const AIRS = Object.keys(FILLS) as readonly AlignmentMachine[]
/** No alignment machine: the access is of a whole word. */
const WHOLE_WORD = 255
/** Position of the machine in {@link AIRS} by `(8 * width + offset) * 2 + isWrite`. */
const MACHINES: Uint8Array = Uint8Array.from({ length: 144 }, (_, key) => {
  const [width, offset, isWrite] = [key >> 4, (key >> 1) & 7, (key & 1) === 1]
  if (width === 8 && offset === 0) return WHOLE_WORD
  return AIRS.indexOf(alignmentMachine(offset, width, isWrite))
})

/** What the component of the alignment machines is made from. */
export interface MemAlignOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** log2 of the largest height of an instance; {@link MEM_ALIGN_MAX_LOG_ROWS} when absent. */
  readonly maxLogRows?: number | undefined
}

/** The machines of accesses that are not of a whole word: one access per row. */
export class MemAlignComponent implements ComponentBuilder<MemoryInputs> {
  readonly airs: readonly AlignmentMachine[] = AIRS
  readonly #options: MemAlignOptions

  constructor(options: MemAlignOptions) {
    this.#options = options
  }

  buildInputsGenerator(): InputsGenerator<MemoryInputs> {
    return new MemoryInputsGenerator(this.#options.rom, { alignment: true })
  }

  buildCounter(): Counter {
    const { flags, bLow, storeOffset, indWidth } = this.#options.rom.instructions.columns
    const counts = new Float64Array(WHOLE_WORD + 1)
    return {
      process: ({ row: rows, a, length }) => {
        for (let i = 0; i < length; i++) {
          const row = rows[i]!
          const bits = flags[row]!
          if (!(bits & (FLAG.B_IND | FLAG.STORE_IND))) continue
          const key = 16 * indWidth[row]!
          if (bits & FLAG.B_IND) counts[MACHINES[key + 2 * ((a[2 * i]! + bLow[row]!) & 7)]!]!++
          if (bits & FLAG.STORE_IND) counts[MACHINES[key + 2 * ((a[2 * i]! + storeOffset[row]!) & 7) + 1]!]!++
        }
      },
      take: () => {
        const taken = counts.slice(0, AIRS.length)
        counts.fill(0)
        return { accesses: taken }
      },
    }
  }

  buildPlanner(): Planner {
    const counts: number[][] = AIRS.map(() => [])
    const maxLogRows = this.#options.maxLogRows ?? MEM_ALIGN_MAX_LOG_ROWS
    return {
      add: (_chunk, { accesses }) => {
        for (const [machine, list] of counts.entries()) list.push(accesses![machine]!)
      },
      plan: () => ({
        plans: AIRS.flatMap((air, machine) => planSlices(air, counts[machine]!, maxLogRows)),
        config: {},
      }),
    }
  }

  configureInstances(): void {}

  buildInstance(ctx: InstanceCtx): Instance {
    return new MemAlignInstance(this.#options, ctx)
  }
}

class MemAlignInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #program: Pilout
  readonly #ctx: InstanceCtx
  readonly #machine: number
  readonly #generator: MemoryInputsGenerator
  #inputs = new AlignmentInputs()
  #skip: number

  constructor({ program, rom }: MemAlignOptions, ctx: InstanceCtx) {
    this.#program = program
    this.#ctx = ctx
    this.#machine = AIRS.indexOf(ctx.plan.air as AlignmentMachine)
    this.#generator = new MemoryInputsGenerator(rom, { alignment: true })
    this.checkPoint = ctx.plan.checkPoint
    this.#skip = this.checkPoint.skip
  }

  buildInputsCollector(): BusDevice {
    return {
      process: (batch) => {
        if (this.#inputs.length < this.#ctx.plan.count) this.#collect(this.#generator.generate(batch).alignment)
      },
    }
  }

  computeWitness(): AirInstance {
    const { plan, columns } = this.#ctx
    const instance = createInstance(this.#program, { ...plan, columns })
    FILLS[AIRS[this.#machine]!](instance, { inputs: this.#inputs, from: 0, count: plan.count })
    return instance
  }

  reset(): void {
    this.#inputs = new AlignmentInputs()
    this.#skip = this.checkPoint.skip
  }

  debug(): string {
    return describePlan(this.#ctx.plan, this.#inputs.length)
  }

  #collect({ address, width, isWrite, memStep, words, length }: AlignmentInputs): void {
    const inputs = this.#inputs
    for (let i = 0; i < length; i++) {
      if (MACHINES[16 * width[i]! + 2 * (address[i]! & 7) + isWrite[i]!] !== this.#machine) continue
      if (this.#skip > 0) {
        this.#skip--
        continue
      }
      const at = inputs.append(address[i]!, width[i]!, isWrite[i]!, memStep[i]!)
      for (const which of [0, 1, 2] as const) {
        inputs.setWord(which, at, words[which][2 * i]!, words[which][2 * i + 1]!)
      }
    }
  }
}
