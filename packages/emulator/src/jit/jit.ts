/**
 * Steps a machine through its ROM in compiled code: the fast executor. The interpreter executes what is not worth
 * compiling or not compiled, and the last steps before every stop.
 */

import { HOST_LAYOUT } from '../guest-memory.ts'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import type { DecodedRom } from '../interpreter/step-loop.ts'
import type { MachineState } from '../machine-state.ts'
import { ReadRecorder } from '../read-recorder.ts'
import { CodeCache } from './code-cache.ts'
import { ENTRY, findEntryPoints } from './entry-points.ts'
import { JIT_LAYOUT } from './layout.ts'
import type { JitVariant } from './unit-code.ts'
import { MAX_BLOCK_INSTRUCTIONS } from './unit-graph.ts'

/** Visits after which a place is compiled, by kind. */
const HOT: Readonly<Record<number, number>> = {
  [ENTRY.NONE]: 40,
  [ENTRY.LOOP]: 40,
  [ENTRY.RETURN]: 200,
  [ENTRY.FUNCTION]: 20,
}
/** Compiled code is left at least this often, so that the host's optimised code of a unit replaces its first version. */
const MAX_STEPS_PER_ENTRY = 2 ** 20
/** With so many steps left, every unit makes progress. */
const MIN_STEPS_PER_ENTRY = MAX_BLOCK_INSTRUCTIONS

/** What a compiling executor is made of. */
export interface JitOptions {
  readonly machine: MachineState
  readonly variant: JitVariant
  /** The machine's ROM, decoded; made here when absent. */
  readonly rom?: DecodedRom
  /** Visits after which a place is compiled, at most 254; by default it depends on the place. */
  readonly compileAfter?: number
}

/** The compiling executor of one machine. */
export class Jit {
  /** Records into the trace area of guest memory, as compiled code does: the only recorder for {@link Jit.stepMany}. */
  readonly recorder: ReadRecorder
  readonly #machine: MachineState
  readonly #interpreter: Interpreter
  readonly #code: CodeCache
  readonly #kinds: Uint8Array
  /** By row: where the interpreter hands over. */
  readonly #stops: Uint8Array
  readonly #compileAfter: number | undefined
  readonly #heat: Uint8Array
  /** Host-private words as u32. */
  readonly #words: Uint32Array

  constructor(options: JitOptions) {
    const { machine, variant, rom = decodeRom(options.machine.rom) } = options
    const { instructions } = rom
    const { buffer } = machine.memory.memory
    this.#machine = machine
    this.#interpreter = new Interpreter(machine, rom)
    this.#kinds = findEntryPoints(instructions)
    this.#stops = this.#kinds.slice()
    this.#compileAfter = options.compileAfter
    this.#heat = new Uint8Array(instructions.length)
    this.#code = new CodeCache(instructions, this.#kinds, machine.memory, variant)
    this.#words = new Uint32Array(buffer, 0, HOST_LAYOUT.scratchEnd / 4)
    this.recorder = new ReadRecorder(
      new Int32Array(buffer, HOST_LAYOUT.trace, (HOST_LAYOUT.traceEnd - HOST_LAYOUT.trace) / 4),
    )
  }

  /** Number of units compiled so far. */
  get unitCount(): number {
    return this.#code.size
  }

  /**
   * Executes up to `count` instructions, as {@link Interpreter.stepMany} does: fewer only when the machine ends or
   * faults.
   *
   * @param recorder {@link Jit.recorder} for the variant `trace`, absent for `fast`
   */
  stepMany(count: number, recorder?: ReadRecorder): number {
    const machine = this.#machine
    let left = count
    while (left > 0 && machine.status === 'running') {
      // The interpreter makes the last step, because compiled code does not keep `c`.
      if (left <= MIN_STEPS_PER_ENTRY) {
        left -= this.#interpreter.stepMany(left, recorder)
        continue
      }
      const executed = this.#isReady(Number(machine.pc)) ? this.#enter(Math.min(left - 1, MAX_STEPS_PER_ENTRY)) : 0
      left -= executed === 0 ? this.#interpreter.stepMany(left, recorder, this.#stops) : executed
    }
    return count - left
  }

  /** Whether compiled code starts at this pc; compiles it when it has become hot. */
  #isReady(pc: number): boolean {
    if (this.#code.isCompiled(pc)) return true
    const row = this.#machine.rom.instructions.rowOf(pc)
    if (row < 0) return false
    const hot = this.#compileAfter ?? HOT[this.#kinds[row]!]!
    if (this.#heat[row]! > hot) return false
    this.#heat[row]!++
    if (this.#heat[row]! <= hot || !this.#code.compile(pc)) return false
    this.#stops[row] = 1
    return true
  }

  /** Runs compiled code from the machine's pc and returns the number of instructions executed. */
  #enter(steps: number): number {
    const words = this.#words
    words[JIT_LAYOUT.tracePointer / 4] = HOST_LAYOUT.trace + 8 * this.recorder.wordCount
    words[JIT_LAYOUT.remaining / 4] = steps
    try {
      this.#code.run(Number(this.#machine.pc), steps)
    } catch (error) {
      // The host's stack is full of guest calls. Each of them left the state complete before it entered its callee.
      if (!(error instanceof RangeError)) throw error
    }
    const executed = steps - words[JIT_LAYOUT.remaining / 4]!
    this.#machine.steps += executed
    this.recorder.wordCount = (words[JIT_LAYOUT.tracePointer / 4]! - HOST_LAYOUT.trace) / 8
    this.#noteMiss()
    return executed
  }

  #noteMiss(): void {
    const words = this.#words
    const slot = words[JIT_LAYOUT.missedUnit / 4]!
    if (slot === 0) return
    words[JIT_LAYOUT.missedUnit / 4] = 0
    this.#code.noteMiss(slot, words[JIT_LAYOUT.missedPc / 4]!)
  }
}
