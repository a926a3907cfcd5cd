/** The compiled units of one machine and the function that runs them. */

import type { InstructionTable } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type WasmTable, wasm } from '../webassembly.ts'
import type { AddressCheck } from './emit-memory.ts'
import { emitUnit } from './emit-unit.ts'
import { ENTRY } from './entry-points.ts'
import { DISPATCH_ENTRIES, dispatchIndex, JIT_LAYOUT } from './layout.ts'
import { encodeRecordTwo, encodeRunner, SIGNATURES } from './support-functions.ts'
import type { JitVariant } from './unit-code.ts'
import { buildUnitGraph } from './unit-graph.ts'
import { encodeModule, type WasmFunction } from './wasm-module.ts'

const MEMORY_PAGES = 0xc000
const MAX_UNIT_INSTRUCTIONS = 3000
const FIRST_TABLE_SIZE = 1024

/** Runs compiled code from a pc with a budget of steps; leaves pc and remaining steps in host-private memory. */
type Run = (pc: number, steps: number) => void

/** Owns the table of units. */
export class CodeCache {
  readonly run: Run
  readonly #table: InstructionTable
  readonly #memory: GuestMemory
  readonly #variant: JitVariant
  readonly #kinds: Uint8Array
  readonly #slots: WasmTable
  readonly #slotByPc = new Map<number, number>()
  readonly #pcBySlot: number[] = [-1]
  readonly #compiled = new Set<number>()
  readonly #checks = new Map<number, AddressCheck>()
  /** Entries of the dispatch cache: pc, slot. */
  readonly #dispatch: Int32Array

  constructor(table: InstructionTable, kinds: Uint8Array, memory: GuestMemory, variant: JitVariant) {
    this.#table = table
    this.#kinds = kinds
    this.#memory = memory
    this.#variant = variant
    this.#slots = new wasm.Table({ element: 'anyfunc', initial: FIRST_TABLE_SIZE })
    this.#dispatch = new Int32Array(memory.memory.buffer, JIT_LAYOUT.dispatch, 2 * DISPATCH_ENTRIES)
    const exports = this.#instantiate(encodeRunner(MEMORY_PAGES))
    for (let slot = 0; slot < FIRST_TABLE_SIZE; slot++) this.#slots.set(slot, exports['notCompiled'])
    this.run = exports['run'] as Run
  }

  /** Number of units compiled so far. */
  get size(): number {
    return this.#compiled.size
  }

  isCompiled(pc: number): boolean {
    return this.#compiled.has(pc)
  }

  /** pc of the unit in a slot. */
  unitIn(slot: number): number {
    return this.#pcBySlot[slot]!
  }

  /** From now on, code for the access at this pc is ready for every readable or writable address. */
  expectEverywhere(pc: number): boolean {
    if (this.#checks.has(pc)) return false
    this.#checks.set(pc, 'everywhere')
    return true
  }

  /** Compiles the unit at a pc, again if need be; returns false when its first instruction is not compiled. */
  compile(pc: number): boolean {
    const graph = buildUnitGraph(pc, {
      table: this.#table,
      memory: this.#memory,
      isBoundary: (target) => this.#kinds[this.#table.rowOf(target)] === ENTRY.FUNCTION,
      maxInstructions: MAX_UNIT_INSTRUCTIONS,
    })
    if (graph.blocks[0]!.instructions.length === 0) return false
    const unit = emitUnit(graph, {
      table: this.#table,
      memory: this.#memory,
      variant: this.#variant,
      slotOf: (target) => this.#slotOf(target),
      checkOf: (access) => this.#checks.get(access) ?? 'ram',
    })
    const slot = this.#slotOf(pc)
    const functions: WasmFunction[] = [encodeRecordTwo(), { ...unit, exportName: 'unit' }]
    const exports = this.#instantiate(encodeModule(SIGNATURES, functions, { memoryPages: MEMORY_PAGES, table: true }))
    this.#slots.set(slot, exports['unit'])
    this.#compiled.add(pc)
    const entry = 2 * dispatchIndex(pc)
    this.#dispatch[entry] = pc
    this.#dispatch[entry + 1] = slot
    return true
  }

  #instantiate(bytes: Uint8Array): Readonly<Record<string, unknown>> {
    const imports = { env: { memory: this.#memory.memory, table: this.#slots } }
    return new wasm.Instance(new wasm.Module(bytes), imports).exports
  }

  #slotOf(pc: number): number {
    const known = this.#slotByPc.get(pc)
    if (known !== undefined) return known
    const slot = this.#pcBySlot.length
    if (slot === this.#slots.length) {
      this.#slots.grow(slot)
      for (let added = slot; added < 2 * slot; added++) this.#slots.set(added, this.#slots.get(0))
    }
    this.#slotByPc.set(pc, slot)
    this.#pcBySlot.push(pc)
    return slot
  }
}

