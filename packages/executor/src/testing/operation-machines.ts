import { type AirInstance, createInstance, type Pilout } from '@zisk/air'
import { FLAG, OP, opcodeByCode, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import { ARITH_MACHINES } from '@zisk/sm-arith'
import { BINARY_MACHINES } from '@zisk/sm-binary'
import { MIN_LOG_ROWS, OperationInputs, segmentHeights } from '@zisk/witness'

/** log2 of the largest height of an operation machine. */
const MAX_LOG_ROWS = 20

const MACHINES = [...BINARY_MACHINES, ...ARITH_MACHINES]

/** The machine that proves an operation; none for those that Main or the statement proves. */
function machineOf(op: number): string | undefined {
  if (op === OP.ADD) return 'BinaryAdd'
  if (op >= OP.AND && op <= OP.XOR) return 'BinaryLogic'
  const type = opcodeByCode(op)?.type
  if (type === 'binary') return 'BinaryCompare'
  if (type === 'binaryE') return 'BinaryExtension'
  if (op >= OP.MULU && op <= OP.MUL_W) return 'ArithMul'
  return op >= OP.DIVU && op <= OP.REM_W ? 'ArithDiv' : undefined
}

/** Collects the operations of a run and fills the instances that prove them, one operation per row. */
export class OperationMachines {
  readonly #program: Pilout
  readonly #rom: ZiskRom
  readonly #inputs: ReadonlyMap<string, OperationInputs>
  /** By operation. */
  readonly #inputsOf: readonly (OperationInputs | undefined)[]

  constructor(program: Pilout, rom: ZiskRom) {
    this.#program = program
    this.#rom = rom
    const inputs = new Map(MACHINES.map(({ air }) => [air, new OperationInputs()]))
    this.#inputs = inputs
    this.#inputsOf = Array.from({ length: 256 }, (_, op) => {
      const machine = machineOf(op)
      return machine === undefined ? undefined : inputs.get(machine)
    })
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
      const inputs = this.#inputsOf[op]
      if (inputs === undefined) throw new Error(`no machine for operation ${op}`)
      const isNarrow = bits & FLAG.M32
      inputs.push(op, a[2 * i]!, isNarrow ? 0 : a[2 * i + 1]!, b[2 * i]!, isNarrow ? 0 : b[2 * i + 1]!)
    }
  }

  /** @param maxLogRows log2 of the largest height of an instance; what the AIRs allow when absent */
  instances(maxLogRows: number = MAX_LOG_ROWS): readonly AirInstance[] {
    const limits = { minLogRows: MIN_LOG_ROWS, maxLogRows }
    return [...this.#inputs].flatMap(([air, inputs]) => {
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
