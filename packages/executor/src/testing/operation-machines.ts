import { type AirInstance, createInstance, type Pilout } from '@zisk/air'
import { FLAG, OP, opcodeByCode, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import { ARITH_MACHINES } from '@zisk/sm-arith'
import { BINARY_MACHINES } from '@zisk/sm-binary'
import { MIN_LOG_ROWS, OperationInputs, segmentHeights } from '@zisk/witness'

/** log2 of the largest height of an operation machine. */
const MAX_LOG_ROWS = 20
/** Operations from which those that a general machine proves too have a machine of their own. */
const MIN_OWN_ROWS = 2 ** 14

const MACHINES = [...BINARY_MACHINES, ...ARITH_MACHINES]
const OWN: Readonly<Record<number, string>> = {
  [OP.ADD_W]: 'BinaryAddWord',
  [OP.EQ]: 'BinaryEqual',
  [OP.LTU]: 'BinaryLess',
  [OP.SLL_W]: 'BinaryShiftWord',
  [OP.SRL_W]: 'BinaryShiftWord',
}

/** The machine that proves an operation wherever it is rare; none for those that Main or the statement proves. */
function generalMachineOf(op: number): string | undefined {
  if (op === OP.ADD) return 'BinaryAdd'
  if (op >= OP.AND && op <= OP.XOR) return 'BinaryLogic'
  const type = opcodeByCode(op)?.type
  if (type === 'binary') return 'BinaryCompare'
  if (type === 'binaryE') return 'BinaryExtension'
  if (op >= OP.MULU && op <= OP.MUL_W) return 'ArithMul'
  return op >= OP.DIVU && op <= OP.REM_W ? 'ArithDiv' : undefined
}

/** Operation code and operands, low halves first. */
type Operation = readonly [op: number, aLow: number, aHigh: number, bLow: number, bHigh: number]

/** Collects the operations of a run and fills the instances that prove them, one operation per row. */
export class OperationMachines {
  readonly #program: Pilout
  readonly #rom: ZiskRom
  readonly #operations: Operation[] = []

  constructor(program: Pilout, rom: ZiskRom) {
    this.#program = program
    this.#rom = rom
  }

  /** Adds the operations of a batch. */
  process(batch: StepBatch): void {
    const { flags, op: ops } = this.#rom.instructions.columns
    const { a, b, row: rows } = batch
    for (let i = 0; i < batch.length; i++) {
      const row = rows[i]!
      const bits = flags[row]!
      const op = ops[row]!
      // Public outputs are proved by the statement.
      if (!(bits & FLAG.EXTERNAL) || op === OP.PUBOUT) continue
      const isNarrow = bits & FLAG.M32
      this.#operations.push([op, a[2 * i]!, isNarrow ? 0 : a[2 * i + 1]!, b[2 * i]!, isNarrow ? 0 : b[2 * i + 1]!])
    }
  }

  /**
   * @param maxLogRows log2 of the largest height of an instance; what the AIRs allow when absent
   * @param minOwnRows operations from which a machine for them alone has instances
   */
  instances(maxLogRows: number = MAX_LOG_ROWS, minOwnRows: number = MIN_OWN_ROWS): readonly AirInstance[] {
    const limits = { minLogRows: MIN_LOG_ROWS, maxLogRows }
    const inputsOf = new Map(MACHINES.map(({ air }) => [air, new OperationInputs()]))
    const times = new Map<string, number>()
    for (const [op] of this.#operations) {
      const own = OWN[op]
      if (own !== undefined) times.set(own, (times.get(own) ?? 0) + 1)
    }
    for (const operation of this.#operations) {
      const [op] = operation
      const own = OWN[op]
      const machine = own !== undefined && times.get(own)! >= minOwnRows ? own : generalMachineOf(op)
      const inputs = machine === undefined ? undefined : inputsOf.get(machine)
      if (inputs === undefined) throw new Error(`no machine for operation ${op}`)
      inputs.push(...operation)
    }
    return [...inputsOf].flatMap(([air, inputs]) => {
      let from = 0
      return segmentHeights(inputs.length, limits).map((rows, segment) => {
        const instance = createInstance(this.#program, { air, rows, segment })
        const count = Math.min(rows, inputs.length - from)
        MACHINES.find((machine) => machine.air === air)!.fill(instance, { inputs, from, count })
        from += count
        return instance
      })
    })
  }
}
