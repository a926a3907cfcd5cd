/** The compiled units of one machine and the function that runs them. */

import type { InstructionTable } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type WasmTable, wasm } from '../webassembly.ts'
import { type EmittedUnit, emitUnit } from './emit-unit.ts'
import { ENTRY } from './entry-points.ts'
import { DISPATCH_ENTRIES, dispatchIndex, JIT_LAYOUT, type JitVariant } from './layout.ts'
import { encodeRunner, SIGNATURES } from './support-functions.ts'
import { buildUnitGraph, restrictToLoops } from './unit-graph.ts'
import { encodeModule, type WasmFunction } from './wasm-module.ts'

const MEMORY_PAGES = 0xc000
/** Larger units cost more to compile than they save: in a program of large functions 500 take a third of the time of 3000. */
const MAX_UNIT_INSTRUCTIONS = 500
const FIRST_TABLE_SIZE = 1024
/** A module gets one more unit for so many units that exist. */
const UNITS_PER_MODULE_GROWTH = 32
/** Requests per unit of a batch after which it waits no longer. */
const MAX_WAITS = 16

/** Runs compiled code from a pc with a budget of steps; leaves pc and remaining steps in host-private memory. */
type Run = (pc: number, steps: number) => void

/** What the modules of this cache export. */
interface ModuleExports {
  readonly run?: Run
  readonly notCompiled?: unknown
  /** Units by number. */
  readonly [unit: `unit${number}`]: unknown
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
  /** pcs that wait for the next module, and how often they have been asked for. */
  readonly #pending = new Set<number>()
  #waits = 0
  /** pcs of instructions that are not compiled. */
  readonly #refused = new Set<number>()
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

  /** Whether there is no use in asking for the unit at this pc. */
  isRefused(pc: number): boolean {
    return this.#refused.has(pc)
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
    this.request(unit.pc)
  }

  /**
   * Asks for the unit at a pc, again if need be. Units are compiled one by one at first, later in growing batches,
   * because a module has a price of its own, which grows with the number of modules.
   *
   * @returns the pcs at which compiled code can be entered from now on, none as long as the batch waits
   */
  request(pc: number): readonly number[] {
    this.#pending.add(pc)
    this.#waits++
    const batch = 1 + Math.floor(this.#units.size / UNITS_PER_MODULE_GROWTH)
    if (this.#pending.size < batch && this.#waits < MAX_WAITS * batch) return []
    const pcs = [...this.#pending]
    this.#pending.clear()
    this.#waits = 0
    return this.#compile(pcs)
  }

  /** Compiles units into one module and returns the pcs at which they can be entered. */
  #compile(pcs: readonly number[]): number[] {
    const drafts = pcs.map((pc) => ({ pc, draft: this.#emit(pc) }))
    const functions: WasmFunction[] = []
    for (const { draft } of drafts) {
      if (draft !== undefined) functions.push({ ...draft.function, exportName: `unit${functions.length}` })
    }
    if (functions.length === 0) return []
    const exports = this.#instantiate(encodeModule(SIGNATURES, functions, { memoryPages: MEMORY_PAGES, table: true }))
    let count = 0
    return drafts.flatMap(({ pc, draft }) =>
      draft === undefined ? [] : this.#enter(pc, draft, exports[`unit${count++}`]),
    )
  }

  /** The unit at a pc, or `undefined` when its first instruction is not compiled. */
  #emit(pc: number): EmittedUnit | undefined {
    const found = buildUnitGraph(pc, {
      table: this.#table,
      memory: this.#memory,
      isBoundary: (target) => this.#isFunction(target),
      maxInstructions: MAX_UNIT_INSTRUCTIONS,
    })
    const graph = this.#isFunction(pc) ? found : restrictToLoops(found)
    if (graph.blocks[1]!.instructions.length === 0) {
      this.#refused.add(pc)
      return undefined
    }
    return emitUnit(graph, {
      table: this.#table,
      memory: this.#memory,
      variant: this.#variant,
      slotOf: (target) => this.#slotOf(target),
      goesEverywhere: (access) => this.#everywhere.has(access),
    })
  }

  #isFunction(pc: number): boolean {
    return this.#kinds[this.#table.rowOf(pc)] === ENTRY.FUNCTION
  }

  /** Puts a compiled unit into its places. A function takes all its entries, any other unit those that are free. */
  #enter(pc: number, draft: EmittedUnit, unit: unknown): number[] {
    const slot = this.#slotOf(pc)
    const before = this.#units.get(slot)
    const patience = 2 * (before?.patience ?? Math.max(2, draft.instructionCount / 32))
    this.#units.set(slot, { pc, function: unit, patience, missesLeft: patience, missed: new Set() })
    const isFree = (entry: number): boolean => {
      const owner = this.#entries.get(entry)
      return owner === undefined || owner === before?.function
    }
    const entered = draft.entryPcs.filter((entry) => entry === pc || this.#isFunction(pc) || isFree(entry))
    for (const entry of entered) {
      this.#entries.set(entry, unit)
      const known = this.#slotByPc.get(entry)
      if (known !== undefined) this.#slots.set(known, unit)
      const at = 2 * dispatchIndex(entry)
      this.#dispatch[at] = entry
      this.#dispatch[at + 1] = slot
    }
    return entered
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
    const unit = this.#entries.get(pc)
    if (unit !== undefined) this.#slots.set(slot, unit)
    return slot
  }
}
