/**
 * The WebAssembly function of one unit while it is being written: its locals, its open blocks, and the ways out of it.
 *
 * A unit takes (pc, remaining steps) and returns both. Guest registers live in locals; before control leaves the unit by
 * a call or an exit, those that may differ from memory are written back.
 */

import { HOST_LAYOUT } from '../guest-memory.ts'
import { TEMPORARY_COUNT, type Temporaries } from './emit-operation.ts'
import { JIT_LAYOUT, type JitVariant } from './layout.ts'
import { C_REGISTER, registersOf } from './register-flow.ts'
import { W, WasmCode } from './wasm-code.ts'

/** Types of the functions in a module of units. */
export const UNIT_TYPE = 0

/** Locals of every unit; pc and remaining are its parameters. */
const LOCAL = {
  PC: 0,
  REMAINING: 1,
  ADDRESS: 2,
  TRACE: 3,
  ENTRY: 4,
  SAVED_REMAINING: 5,
  LAST_READ: 6,
  LAST_WRITTEN: 7,
  FIRST_I64: 8,
} as const
const I32_LOCALS = 6

/** Why a unit is left before an instruction. `miss`: its address check failed; other code could reach it. */
export type LeaveReason = 'miss' | 'other'

/** State at which a unit is left before an instruction. */
export interface LeavePoint {
  readonly pc: number
  /** Registers to write back. */
  readonly dirty: number
  /** Instructions executed since {@link UnitCode.advance}. */
  readonly steps: number
  readonly reason: LeaveReason
}

/** Which narrow accesses a unit makes: those that are not recorded when they stay in one word. */
export interface NarrowAccesses {
  readonly reads: boolean
  readonly writes: boolean
}

/** Writer of one unit. */
export class UnitCode {
  readonly code: WasmCode = new WasmCode()
  readonly pc: number = LOCAL.PC
  readonly remaining: number = LOCAL.REMAINING
  /** i32 local for an address. */
  readonly address: number = LOCAL.ADDRESS
  /** i32 local: where recorded words go. */
  readonly trace: number = LOCAL.TRACE
  /** i32 locals: addresses of the words that narrow accesses read and wrote last. */
  readonly lastRead: number = LOCAL.LAST_READ
  readonly lastWritten: number = LOCAL.LAST_WRITTEN
  /** i32 locals on the way to another entry: its number, and the step counter. */
  readonly entry: number = LOCAL.ENTRY
  readonly savedRemaining: number = LOCAL.SAVED_REMAINING
  readonly temps: Temporaries
  /** i64 locals for operands a and b read from memory, for an address, for a result that is needed twice, and for a computed pc. */
  readonly operandA: number
  readonly operandB: number
  readonly wideAddress: number
  readonly result: number
  readonly target: number
  /** Bytes recorded since {@link UnitCode.advance}. */
  recordedBytes = 0
  readonly #variant: JitVariant
  /** Locals that the recording code of all units shares, with their places in memory. */
  readonly #shared: readonly (readonly [local: number, home: number])[]
  readonly #slot: number
  readonly #registers: ReadonlyMap<number, number>
  /** Numbers of shared exits, innermost first, by reason and registers. */
  readonly #exits = new Map<string, { readonly dirty: number; readonly reason: LeaveReason }>()
  #depth = 0

  /**
   * @param usedRegisters mask of the registers that get locals
   * @param slot table slot of this unit
   * @param narrow the narrow accesses in it
   */
  constructor(usedRegisters: number, slot: number, variant: JitVariant, narrow: NarrowAccesses) {
    this.#variant = variant
    const shared: [number, number][] = [[LOCAL.TRACE, JIT_LAYOUT.tracePointer]]
    if (narrow.reads) shared.push([LOCAL.LAST_READ, JIT_LAYOUT.lastRead])
    if (narrow.writes) shared.push([LOCAL.LAST_WRITTEN, JIT_LAYOUT.lastWritten])
    this.#shared = variant === 'trace' ? shared : []
    this.#slot = slot
    const [t0, t1, t2, t3, t4] = Array.from({ length: TEMPORARY_COUNT }, (_, i) => LOCAL.FIRST_I64 + i)
    this.temps = [t0!, t1!, t2!, t3!, t4!]
    this.operandA = LOCAL.FIRST_I64 + TEMPORARY_COUNT
    this.operandB = this.operandA + 1
    this.wideAddress = this.operandA + 2
    this.result = this.operandA + 3
    this.target = this.operandA + 4
    const first = this.operandA + 5
    this.#registers = new Map(registersOf(usedRegisters).map((register, i) => [register, first + i]))
  }

  /** Address of the dispatch cache. */
  get dispatch(): number {
    return JIT_LAYOUT.dispatch[this.#variant]
  }

  get isTracing(): boolean {
    return this.#variant === 'trace'
  }

  get i32Locals(): number {
    return I32_LOCALS
  }

  get i64Locals(): number {
    return this.target + 1 - LOCAL.FIRST_I64 + this.#registers.size
  }

  /** Local of a guest register. */
  register(register: number): number {
    return this.#registers.get(register)!
  }

  /** Opens a construct and returns its depth, by which {@link branch} finds it. */
  open(opcode: number): number {
    this.code.open(opcode)
    return this.#depth++
  }

  end(): void {
    this.code.end()
    this.#depth--
  }

  /** `br` or `br_if` to the construct opened at a depth. */
  branch(opcode: number, depth: number): void {
    this.code.opIndex(opcode, this.#depth - 1 - depth)
  }

  /** Loads registers from memory. */
  load(mask: number): void {
    for (const register of registersOf(mask)) {
      this.code.i32(0)
      this.code.memory(W.I64_LOAD, homeOf(register))
      this.code.localSet(this.register(register))
    }
  }

  /** Writes registers back to memory. */
  store(mask: number): void {
    storeRegisters(this.code, this.#registers, mask)
  }

  /** Counts executed instructions and recorded words. */
  advance(steps: number): void {
    addTo(this.code, LOCAL.REMAINING, -steps)
    addTo(this.code, LOCAL.TRACE, this.recordedBytes)
    this.recordedBytes = 0
  }

  /** Gives the state of the recording to other code. */
  publishTrace(code: WasmCode = this.code): void {
    for (const [local, home] of this.#shared) {
      code.i32(0)
      code.localGet(local)
      code.memory(W.I32_STORE, home)
    }
  }

  /** Takes the state of the recording back. */
  reloadTrace(): void {
    for (const [local, home] of this.#shared) {
      this.code.i32(0)
      this.code.memory(W.I32_LOAD, home)
      this.code.localSet(local)
    }
  }

  /** Returns (pc, remaining) with the pc on the stack. */
  returnPc(): void {
    this.code.localGet(LOCAL.REMAINING)
    this.code.op(W.RETURN)
  }

  /** Leaves the unit when the i32 on the stack is not 0. `first` may emit code that goes elsewhere. */
  leaveIf(point: LeavePoint, first: () => void = () => {}): void {
    this.open(W.IF)
    first()
    addTo(this.code, LOCAL.REMAINING, -point.steps)
    addTo(this.code, LOCAL.TRACE, this.recordedBytes)
    this.code.i32(point.pc)
    this.code.localSet(LOCAL.PC)
    const key = `${point.reason} ${point.dirty}`
    if (!this.#exits.has(key)) this.#exits.set(key, point)
    const exit = [...this.#exits.keys()].indexOf(key)
    this.code.opIndex(W.BR, this.#depth + exit)
    this.end()
  }

  /** The finished code: the body with the shared exits around it. */
  finish(): WasmCode {
    const exits = [...this.#exits.values()]
    const whole = new WasmCode()
    for (let i = 0; i <= exits.length; i++) whole.open(W.BLOCK)
    whole.append(this.code.bytes)
    for (const [i, { dirty, reason }] of exits.entries()) {
      whole.op(W.UNREACHABLE)
      whole.end()
      storeRegisters(whole, this.#registers, dirty)
      if (reason === 'miss') noteMiss(whole, this.#slot)
      whole.opIndex(W.BR, exits.length - 1 - i)
    }
    if (exits.length === 0) whole.op(W.UNREACHABLE)
    whole.end()
    this.publishTrace(whole)
    whole.localGet(LOCAL.PC)
    whole.localGet(LOCAL.REMAINING)
    return whole
  }
}

function homeOf(register: number): number {
  return register === C_REGISTER ? HOST_LAYOUT.lastC : HOST_LAYOUT.registers + 8 * register
}

function addTo(code: WasmCode, local: number, amount: number): void {
  if (amount === 0) return
  code.localGet(local)
  code.i32(amount)
  code.op(W.I32_ADD)
  code.localSet(local)
}

function storeRegisters(code: WasmCode, locals: ReadonlyMap<number, number>, mask: number): void {
  for (const register of registersOf(mask)) {
    code.i32(0)
    code.localGet(locals.get(register)!)
    code.memory(W.I64_STORE, homeOf(register))
  }
}

/** Leaves word of the unit and the pc whose address check failed. */
function noteMiss(code: WasmCode, slot: number): void {
  code.i32(0)
  code.i32(slot)
  code.memory(W.I32_STORE, JIT_LAYOUT.missedUnit)
  code.i32(0)
  code.localGet(LOCAL.PC)
  code.memory(W.I32_STORE, JIT_LAYOUT.missedPc)
}
