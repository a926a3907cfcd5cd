/** What a thread needs to run jobs: kernels over every memory, and how it brings together what lies in several. */
import { createKernels, type Kernels, type Offset, SCRATCH_BYTES } from '@zisk/field'
import type { WasmMemory, WasmModule } from '@zisk/field/wasm'
import { type Address, MEMORY_SPAN, memoryOf, STAGING_BYTES } from './arena.ts'

/** Bytes of the staging region for lists of addresses; the rest is for rows. */
const LIST_BYTES = STAGING_BYTES / 4

/** One memory as one thread uses it. */
export interface JobContext {
  readonly kernels: Kernels
  readonly memory: WasmMemory
  readonly scratch: Offset
}

/** Rows to be brought together: row i of a source is the `stride` bytes at its address + i stride. */
export interface RowSource {
  readonly at: Address
  readonly stride: number
}

/** The memories of an arena as one thread uses them. */
export class JobContexts {
  readonly #module: WasmModule
  readonly #scratch: Offset
  readonly #memories: () => readonly WasmMemory[]
  readonly #contexts = new Map<number, JobContext>()

  /** @param memories The memories that there are, by number, whenever it is asked. */
  constructor(module: WasmModule, scratch: Offset, memories: () => readonly WasmMemory[]) {
    this.#module = module
    this.#scratch = scratch
    this.#memories = memories
  }

  /** Kernels over the memory of an address. */
  at(address: Address): JobContext {
    const index = memoryOf(address)
    const known = this.#contexts.get(index)
    if (known !== undefined) return known
    const memory = this.#memories()[index]!
    const made = { kernels: createKernels(this.#module, memory, this.#scratch), memory, scratch: this.#scratch }
    this.#contexts.set(index, made)
    return made
  }

  /** Writes addresses as u32 offsets where kernels over the memory of `home` find them; `slot` tells lists apart. */
  list(home: Address, addresses: readonly Address[], slot: 0 | 1 = 0): Offset {
    const at = this.#scratch + SCRATCH_BYTES + (slot * LIST_BYTES) / 2
    if (4 * addresses.length > LIST_BYTES / 2) throw new RangeError(`expected a shorter list, got ${addresses.length}`)
    // The conversion to 32 bits drops the number of the memory.
    new Uint32Array(this.at(home).memory.buffer, at, addresses.length).set(addresses)
    return at
  }

  /** How many rows of these sources fit the staging region, a multiple of 4. @throws RangeError when no four do. */
  stagedRows(sources: readonly RowSource[]): number {
    const rowBytes = sources.reduce((sum, { stride }) => sum + stride, 0)
    const rows = Math.floor((STAGING_BYTES - LIST_BYTES - 64 * sources.length) / rowBytes / 4) * 4
    if (rows < 4) throw new RangeError(`expected rows that fit the staging region, got rows of ${rowBytes} bytes`)
    return rows
  }

  /**
   * Copies rows first..first + count of the sources into the staging region of the memory of `home`, cyclically when
   * there is a number of rows after which they begin again. Gives where the first of them went.
   */
  stage(home: Address, sources: readonly RowSource[], first: number, count: number, cycle?: number): Offset[] {
    const { memory } = this.at(home)
    let to = this.#scratch + SCRATCH_BYTES + LIST_BYTES
    return sources.map(({ at, stride }) => {
      const place = to
      let row = first
      let left = count
      while (left > 0) {
        const from = cycle === undefined ? row : ((row % cycle) + cycle) % cycle
        const rows = cycle === undefined ? left : Math.min(left, cycle - from)
        const address = at + from * stride
        const source = new Uint8Array(this.at(address).memory.buffer, address % MEMORY_SPAN, rows * stride)
        new Uint8Array(memory.buffer, to, rows * stride).set(source)
        to += rows * stride
        row += rows
        left -= rows
      }
      to = Math.ceil(to / 64) * 64
      return place
    })
  }
}

/** Whether all addresses are in one memory. */
export function isTogether(home: Address, addresses: readonly Address[]): boolean {
  const index = memoryOf(home)
  return addresses.every((address) => memoryOf(address) === index)
}
