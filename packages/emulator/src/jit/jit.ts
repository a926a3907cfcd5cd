/**
 * Steps a machine through its ROM in compiled code: the fast executor. The interpreter executes what is not worth
 * compiling or not compiled, and the last steps before every stop.
 */

import type { Executor } from '../executor.ts'
import { HOST_LAYOUT } from '../guest-memory.ts'
import type { DecodedRom } from '../interpreter/decoded-rom.ts'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import type { MachineState } from '../machine-state.ts'
import type { ReadRecorder } from '../read-recorder.ts'
import { CodeCache } from './code-cache.ts'
import { type EntryPoints, findEntryPoints, visitsUntilHot } from './entry-points.ts'
import { JIT_LAYOUT, type JitVariant } from './layout.ts'
import { MAX_BLOCK_INSTRUCTIONS } from './unit-graph.ts'

/**
 * Visits after which a place that is no entry is compiled. It is visited when a unit has been left there, mostly on its
 * way to being compiled again; a unit of its own would be a second copy of the same code.
 */
const HOT_ELSEWHERE = 4000
/** A visit from compiled code counts for so many: leaving compiled code and entering it again has its price. */
const VISITS_PER_EXIT = 10
/** Compiled code is left at least this often, so that the host's optimised code of a unit replaces its first version. */
const MAX_STEPS_PER_ENTRY = 2 ** 20
/** With so many steps left, every unit makes progress. */
const MIN_STEPS_PER_ENTRY = MAX_BLOCK_INSTRUCTIONS

/** What a compiling executor is made of. */
export interface JitOptions {
  readonly machine: MachineState
  /** The machine's ROM, decoded; made here when absent. */
  readonly rom?: DecodedRom
  /** Visits after which a place is compiled, at most 65534; by default when it pays off. */
  readonly compileAfter?: number | undefined
}

/** Compiled code of one variant, and how it comes to be. */
interface Tier {
  readonly code: CodeCache
  /** By row that is no entry: visits so far. */
  readonly heat: Uint16Array
  /** By row that is an entry: visits until it is compiled, down to 1, where the interpreter hands over. */
  readonly stops: Uint16Array
}

/** The compiling executor of one machine. */
export class Jit implements Executor {
  readonly #machine: MachineState
  readonly #interpreter: Interpreter
  readonly #entries: EntryPoints
  readonly #compileAfter: number | undefined
  readonly #tiers: Partial<Record<JitVariant, Tier>> = {}
  /** Whether the machine's pc is where compiled code wanted to go. */
  #hasJumped = false
  /** Host-private words as u32. */
  readonly #words: Uint32Array

  constructor(options: JitOptions) {
    const { machine, rom = decodeRom(options.machine.rom.instructions) } = options
    this.#machine = machine
    this.#interpreter = new Interpreter(machine, rom)
    this.#entries = findEntryPoints(rom.instructions)
    this.#compileAfter = options.compileAfter
    this.#words = new Uint32Array(machine.memory.memory.buffer, 0, HOST_LAYOUT.scratchEnd / 4)
  }

  /** Number of units compiled so far. */
  get unitCount(): number {
    return (this.#tiers.fast?.code.size ?? 0) + (this.#tiers.trace?.code.size ?? 0)
  }

  /** @param recorder over a part of guest memory's trace area, where compiled code records too */
  stepMany(count: number, recorder?: ReadRecorder): number {
    const machine = this.#machine
    const tier = this.#tier(recorder === undefined ? 'fast' : 'trace')
    let left = count
    this.#hasJumped = false
    while (left > 0 && machine.status === 'running') {
      // The interpreter makes the last step, because compiled code does not keep `c`.
      if (left <= MIN_STEPS_PER_ENTRY) {
        left -= this.#interpreter.stepMany(left, recorder)
        continue
      }
      const steps = Math.min(left - 1, MAX_STEPS_PER_ENTRY)
      const executed = this.#isReady(tier) ? this.#enter(tier, steps, recorder) : 0
      this.#hasJumped = executed > 0
      left -= executed === 0 ? this.#interpreter.stepMany(left, recorder, tier.stops) : executed
    }
    return count - left
  }

  #tier(variant: JitVariant): Tier {
    const { kinds } = this.#entries
    const visits = this.#compileAfter
    this.#tiers[variant] ??= {
      code: new CodeCache(this.#machine.rom.instructions, kinds, this.#machine.memory, variant),
      heat: new Uint16Array(kinds.length),
      stops:
        visits === undefined
          ? visitsUntilHot(this.#entries)
          : Uint16Array.from(kinds, (kind) => (kind === 0 ? 0 : visits + 1)),
    }
    return this.#tiers[variant]
  }

  /** Whether compiled code starts at the machine's pc; compiles it when it has become hot. */
  #isReady({ code, heat, stops }: Tier): boolean {
    const pc = Number(this.#machine.pc)
    if (code.isCompiled(pc)) return true
    const { instructions } = this.#machine.rom
    const row = instructions.rowOf(pc)
    if (row < 0) return false
    const visitsLeft = stops[row]!
    if (visitsLeft === 0) {
      // Where a slice of the run happened to end is not a place that code jumps to.
      if (!this.#hasJumped) return false
      if (heat[row]! < (this.#compileAfter ?? HOT_ELSEWHERE)) {
        heat[row]!++
        return false
      }
    } else if (visitsLeft > 1) {
      if (this.#hasJumped) stops[row] = Math.max(1, visitsLeft - VISITS_PER_EXIT)
      return false
    }
    if (code.isRefused(pc)) {
      stops[row] = 0
      return false
    }
    for (const entry of code.request(pc)) stops[instructions.rowOf(entry)] = 1
    return code.isCompiled(pc)
  }

  /** Runs compiled code from the machine's pc and returns the number of instructions executed. */
  #enter({ code }: Tier, steps: number, recorder: ReadRecorder | undefined): number {
    const words = this.#words
    if (recorder !== undefined) this.#lendRecorder(recorder)
    words[JIT_LAYOUT.remaining / 4] = steps
    try {
      code.run(Number(this.#machine.pc), steps)
    } catch (error) {
      // The host's stack is full of guest calls. Each of them left the state complete before it entered its callee.
      if (!(error instanceof RangeError)) throw error
    }
    const executed = steps - words[JIT_LAYOUT.remaining / 4]!
    this.#machine.steps += executed
    if (recorder !== undefined) this.#takeRecorder(recorder)
    const missedUnit = words[JIT_LAYOUT.missedUnit / 4]!
    if (missedUnit !== 0) {
      words[JIT_LAYOUT.missedUnit / 4] = 0
      code.noteMiss(missedUnit, words[JIT_LAYOUT.missedPc / 4]!)
    }
    return executed
  }

  /** Lets compiled code go on recording. */
  #lendRecorder(recorder: ReadRecorder): void {
    this.#words[JIT_LAYOUT.tracePointer / 4] = recorder.byteOffset + 8 * recorder.wordCount
    this.#words[JIT_LAYOUT.lastRead / 4] = recorder.lastRead
    this.#words[JIT_LAYOUT.lastWritten / 4] = recorder.lastWritten
  }

  /** Goes on where compiled code has stopped recording. */
  #takeRecorder(recorder: ReadRecorder): void {
    recorder.wordCount = (this.#words[JIT_LAYOUT.tracePointer / 4]! - recorder.byteOffset) / 8
    recorder.lastRead = this.#words[JIT_LAYOUT.lastRead / 4]! | 0
    recorder.lastWritten = this.#words[JIT_LAYOUT.lastWritten / 4]! | 0
  }
}
