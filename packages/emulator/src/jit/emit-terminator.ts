/** The ways out of a unit: to other units, by calls and jumps, and to the dispatcher. */

import type { InstructionTable, RomInstruction } from '@zisk/core'
import { HOST_LAYOUT } from '../guest-memory.ts'
import { DISPATCH_ENTRIES, JIT_LAYOUT } from './layout.ts'
import { type LeavePoint, UNIT_TYPE, type UnitCode } from './unit-code.ts'
import type { Block } from './unit-graph.ts'
import { W } from './wasm-code.ts'

/** What terminators need of the unit's context. */
interface TerminatorContext {
  readonly table: InstructionTable
  readonly slotOf: (pc: number) => number
}

const TABLE_INDEX = 0
const FIRST_INVALID_PC = 1n << 32n

/** Emits exits and calls of one unit. Registers given as `dirty` are written back first. */
export class TerminatorWriter {
  readonly #unit: UnitCode
  readonly #context: TerminatorContext

  constructor(unit: UnitCode, context: TerminatorContext) {
    this.#unit = unit
    this.#context = context
  }

  /** Returns to the dispatcher, which lets the interpreter go on at `pc`. */
  exitToInterpreter(pc: number, dirty: number): void {
    this.#flush(dirty)
    this.#unit.code.i32(pc)
    this.#unit.returnPc()
  }

  /** Goes on in the unit at `pc`. */
  exitTo(pc: number, dirty: number): void {
    if (this.#context.table.rowOf(pc) < 0) {
      this.exitToInterpreter(pc, dirty)
      return
    }
    const { code, remaining } = this.#unit
    this.#flush(dirty)
    code.i32(pc)
    code.localGet(remaining)
    code.i32(this.#context.slotOf(pc))
    this.#tailCall()
  }

  /**
   * Takes the target of a computed jump from `result`. A target outside the 32-bit address space has no pc: the unit is
   * left before the jump.
   */
  takeTarget(jump: RomInstruction, leave: LeavePoint): void {
    const { code, result, target } = this.#unit
    code.localGet(result)
    if (jump.jmpOffset1 !== 0) {
      code.i64(BigInt(jump.jmpOffset1))
      code.op(W.I64_ADD)
    }
    code.localTee(target)
    code.i64(FIRST_INVALID_PC)
    code.op(W.I64_GE_U)
    this.#unit.leaveIf(leave)
  }

  /** Goes on at the computed pc: back to the caller, or in the unit there. */
  computedExit(isReturn: boolean, dirty: number): void {
    const { code, remaining } = this.#unit
    this.#flush(dirty)
    this.#pushComputedPc()
    if (isReturn) {
      this.#unit.returnPc()
      return
    }
    code.localGet(remaining)
    this.#pushComputedSlot()
    this.#tailCall()
  }

  /**
   * Calls the unit at `callee`, or at the computed pc. When it comes back with another pc than the return address,
   * the caller returns it too: frames hold no guest state.
   */
  call(block: Block, callee: number | undefined, dirty: number): void {
    const unit = this.#unit
    const { code, pc, remaining } = unit
    const returnPc = block.targets[0]!
    this.#flush(dirty)
    // Should the host's stack overflow, the dispatcher goes on from here.
    code.i32(0)
    code.localGet(remaining)
    code.memory(W.I32_STORE, JIT_LAYOUT.remaining)
    code.i32(0)
    this.#pushTarget(callee)
    code.op(W.I64_EXTEND_I32_U)
    code.memory(W.I64_STORE, HOST_LAYOUT.pc)
    this.#pushTarget(callee)
    code.localGet(remaining)
    if (callee === undefined) this.#pushComputedSlot()
    else code.i32(this.#context.slotOf(callee))
    code.opIndex(W.CALL_INDIRECT, UNIT_TYPE)
    code.unsigned(TABLE_INDEX)
    code.localSet(remaining)
    code.localTee(pc)
    code.i32(returnPc)
    code.op(W.I32_NE)
    unit.open(W.IF)
    code.localGet(pc)
    unit.returnPc()
    unit.end()
    unit.reloadTrace()
  }

  #flush(dirty: number): void {
    this.#unit.store(dirty)
    this.#unit.publishTrace()
  }

  #pushTarget(callee: number | undefined): void {
    if (callee === undefined) this.#pushComputedPc()
    else this.#unit.code.i32(callee)
  }

  #pushComputedPc(): void {
    this.#unit.code.localGet(this.#unit.target)
    this.#unit.code.op(W.I32_WRAP_I64)
  }

  /** Pushes the slot of the unit at the computed pc if the dispatch cache knows it, else slot 0. */
  #pushComputedSlot(): void {
    const { code, temps } = this.#unit
    const [entry] = temps
    this.#pushComputedPc()
    code.i32(1)
    code.op(W.I32_SHR_U)
    code.i32(DISPATCH_ENTRIES - 1)
    code.op(W.I32_AND)
    code.i32(3)
    code.op(W.I32_SHL)
    code.memory(W.I64_LOAD, this.#unit.dispatch)
    code.localTee(entry)
    code.i64(32n)
    code.op(W.I64_SHR_U)
    code.op(W.I32_WRAP_I64)
    code.i32(0)
    code.localGet(entry)
    code.op(W.I32_WRAP_I64)
    this.#pushComputedPc()
    code.op(W.I32_EQ)
    code.op(W.SELECT)
  }

  #tailCall(): void {
    this.#unit.code.opIndex(W.RETURN_CALL_INDIRECT, UNIT_TYPE)
    this.#unit.code.unsigned(TABLE_INDEX)
  }
}
