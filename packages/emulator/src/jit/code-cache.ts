/** The compiled units of one machine and the function that runs them. */

import type { InstructionTable } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type WasmTable, wasm } from '../webassembly.ts'
import { emitUnit } from './emit-unit.ts'
import { ENTRY } from './entry-points.ts'
import { DISPATCH_ENTRIES, dispatchIndex, JIT_LAYOUT, type JitVariant } from './layout.ts'
import { encodeRunner, SIGNATURES } from './support-functions.ts'
import { buildUnitGraph, restrictToLoops } from './unit-graph.ts'
import { encodeModule, type WasmFunction } from './wasm-module.ts'

const MEMORY_PAGES = 0xc000
/** Larger units cost more to compile than they save: in a program of large functions 500 take a third of the time of 3000. */
const MAX_UNIT_INSTRUCTIONS = 500
const FIRST_TABLE_SIZE = 1024

/** Runs compiled code from a pc with a budget of steps; leaves pc and remaining steps in host-private memory. */
type Run = (pc: number, steps: number) => void

/** What the modules of this cache export. */
interface ModuleExports {
  readonly run?: Run
  readonly notCompiled?: unknown
  readonly unit?: unknown
}

/** A compiled unit. */
interface Unit {
  readonly pc: number
  readonly function: unknown
  /** Misses after which it is compiled again: in proportion to its size, doubled each time. */
  readonly patience: number
  missesLeft: number
  /** pcs of accesses that missed since it was compiled. */
  readonly missed: Set<number>
}

/** Owns the table of units. */
export class CodeCache {
  readonly run: Run
  readonly #table: InstructionTable
  readonly #memory: GuestMemory
  readonly #variant: JitVariant
  readonly #kinds: Uint8Array
  readonly #slots: WasmTable
  readonly #slotByPc = new Map<number, number>()
  /** pcs of accesses that have been seen outside the safe zone. */
  readonly #everywhere = new Set<number>()
  /** Units by the slot of their own pc. */
  readonly #units = new Map<number, Unit>()
  /** Functions of the units that can be entered at a pc. */
  readonly #entries = new Map<number, unknown>()
  /** Entries of the dispatch cache: pc, slot. */
  readonly #dispatch: Int32Array

  constructor(table: InstructionTable, kinds: Uint8Array, memory: GuestMemory, variant: JitVariant) {
    this.#table = table
    this.#kinds = kinds
    this.#memory = memory
    this.#variant = variant
    this.#slots = new wasm.Table({ element: 'anyfunc', initial: FIRST_TABLE_SIZE })
    this.#dispatch = new Int32Array(memory.memory.buffer, JIT_LAYOUT.dispatch[variant], 2 * DISPATCH_ENTRIES)
    const exports = this.#instantiate(encodeRunner(variant, MEMORY_PAGES))
    for (let slot = 0; slot < FIRST_TABLE_SIZE; slot++) this.#slots.set(slot, exports.notCompiled)
    this.run = exports.run as Run
  }

  /** Number of units compiled so far. */
  get size(): number {
    return this.#units.size
  }

  /** Whether compiled code can be entered at this pc. */
  isCompiled(pc: number): boolean {
    return this.#entries.has(pc)
  }

  /**
   * Takes note that an access of the unit in a slot went outside the safe zone. Once that has cost more than compiling
   * the unit again, it is compiled with these accesses ready for every address.
   */
  noteMiss(slot: number, pc: number): void {
    const unit = this.#units.get(slot)!
    unit.missed.add(pc)
    if (--unit.missesLeft > 0) return
    for (const access of unit.missed) this.#everywhere.add(access)
    this.compile(unit.pc)
  }

  /**
   * Compiles the unit at a pc, again if need be.
   *
   * @returns the pcs at which it can be entered, none when its first instruction is not compiled
   */
  compile(pc: number): readonly number[] {
    const found = buildUnitGraph(pc, {
      table: this.#table,
      memory: this.#memory,
      isBoundary: (target) => this.#kinds[this.#table.rowOf(target)] === ENTRY.FUNCTION,
      maxInstructions: MAX_UNIT_INSTRUCTIONS,
    })
    const isFunction = this.#kinds[this.#table.rowOf(pc)] === ENTRY.FUNCTION
    const graph = isFunction ? found : restrictToLoops(found)
    if (graph.blocks[1]!.instructions.length === 0) return []
    const unit = emitUnit(graph, {
      table: this.#table,
      memory: this.#memory,
      variant: this.#variant,
      slotOf: (target) => this.#slotOf(target),
      goesEverywhere: (access) => this.#everywhere.has(access),
    })
    const functions: WasmFunction[] = [{ ...unit.function, exportName: 'unit' }]
    const exports = this.#instantiate(encodeModule(SIGNATURES, functions, { memoryPages: MEMORY_PAGES, table: true }))
    const slot = this.#slotOf(pc)
    const patience = (this.#units.get(slot)?.patience ?? Math.max(2, unit.instructionCount / 32)) * 2
    const before = this.#units.get(slot)?.function
    this.#units.set(slot, { pc, function: exports.unit, patience, missesLeft: patience, missed: new Set() })
    const entered = unit.entryPcs.filter(
      (entry) => entry === pc || isFunction || !this.#entries.has(entry) || this.#entries.get(entry) === before,
    )
    for (const entry of entered) this.#enterAt(entry, exports.unit)
    return entered
  }

  /** Lets a function be entered at a pc. */
  #enterAt(pc: number, unit: unknown): void {
    const slot = this.#slotOf(pc)
    this.#entries.set(pc, unit)
    this.#slots.set(slot, unit)
    const entry = 2 * dispatchIndex(pc)
    this.#dispatch[entry] = pc
    this.#dispatch[entry + 1] = slot
  }

  #instantiate(bytes: Uint8Array): ModuleExports {
    const imports = { env: { memory: this.#memory.memory, table: this.#slots } }
    return new wasm.Instance(new wasm.Module(bytes), imports).exports as ModuleExports
  }

  #slotOf(pc: number): number {
    const known = this.#slotByPc.get(pc)
    if (known !== undefined) return known
    const slot = this.#slotByPc.size + 1
    if (slot === this.#slots.length) {
      this.#slots.grow(slot)
      for (let added = slot; added < 2 * slot; added++) this.#slots.set(added, this.#slots.get(0))
    }
    this.#slotByPc.set(pc, slot)
    return slot
  }
}
