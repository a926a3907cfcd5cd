/**
 * The memory of the WebAssembly back end: one shared memory with a free list. Columns, trees and work space of a proof
 * lie in it; workers get offsets, never copies. It grows up to 4 GiB and is reused, not dropped.
 */
import { type Offset, SCRATCH_BYTES } from '@zisk/field'
import { type WasmMemory, wasm } from '@zisk/field/wasm'
import { ProverError } from '../errors.ts'

const PAGE_BYTES = 65_536
const MAX_PAGES = 65_536
const ALIGNMENT = 64

/** A reserved region. */
export interface Region {
  readonly offset: Offset
  readonly bytes: number
}

/** Which parts of an arena were free at some time. */
export interface ArenaSnapshot {
  readonly free: readonly Region[]
  readonly end: Offset
}

/** One shared memory and who uses which part of it. */
export class Arena {
  readonly memory: WasmMemory
  readonly #maxPages: number
  /** Free regions by offset, never adjacent. */
  #free: Region[] = []
  #end: Offset
  #peak: Offset

  /** @param contexts Number of kernel instances; each has its scratch region at the start of the memory. */
  constructor(contexts: number, maxBytes: number = MAX_PAGES * PAGE_BYTES) {
    this.#maxPages = Math.min(MAX_PAGES, Math.ceil(maxBytes / PAGE_BYTES))
    const initial = Math.ceil((contexts * SCRATCH_BYTES) / PAGE_BYTES)
    this.memory = new wasm.Memory({ initial, maximum: this.#maxPages, shared: true })
    this.#end = contexts * SCRATCH_BYTES
    this.#peak = this.#end
  }

  /** Scratch region of a kernel instance. */
  scratch(context: number): Offset {
    return context * SCRATCH_BYTES
  }

  /** The whole memory as words; valid until the next reservation. */
  get words(): BigUint64Array {
    return new BigUint64Array(this.memory.buffer)
  }

  /** Most bytes that may be reserved. */
  get maxBytes(): number {
    return this.#maxPages * PAGE_BYTES
  }

  /** Most bytes that were ever in use, gaps included. */
  get peakBytes(): number {
    return this.#peak
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer)
  }

  /** Reserves bytes at a multiple of 64; what is in them is not defined. @throws ProverError PROVER_MEMORY_EXHAUSTED. */
  reserve(bytes: number): Region {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    const fit = this.#free.findIndex((region) => region.bytes >= size)
    if (fit >= 0) {
      const { offset, bytes: available } = this.#free[fit]!
      if (available === size) this.#free.splice(fit, 1)
      else this.#free[fit] = { offset: offset + size, bytes: available - size }
      return { offset, bytes: size }
    }
    const last = this.#free[this.#free.length - 1]
    const offset = last !== undefined && last.offset + last.bytes === this.#end ? last.offset : this.#end
    this.#growTo(offset + size)
    if (offset !== this.#end) this.#free.pop()
    this.#end = offset + size
    this.#peak = Math.max(this.#peak, this.#end)
    return { offset, bytes: size }
  }

  /** Reserves bytes that are zero. */
  reserveZeroed(bytes: number): Region {
    const region = this.reserve(bytes)
    this.bytes.fill(0, region.offset, region.offset + region.bytes)
    return region
  }

  release(region: Region): void {
    let at = this.#free.findIndex(({ offset }) => offset > region.offset)
    if (at < 0) at = this.#free.length
    this.#free.splice(at, 0, region)
    const next = this.#free[at + 1]
    if (next !== undefined && region.offset + region.bytes === next.offset)
      this.#free.splice(at, 2, { offset: region.offset, bytes: region.bytes + next.bytes })
    const previous = this.#free[at - 1]
    const current = this.#free[at]!
    if (previous !== undefined && previous.offset + previous.bytes === current.offset)
      this.#free.splice(at - 1, 2, { offset: previous.offset, bytes: previous.bytes + current.bytes })
  }

  /** What is reserved now; {@link Arena.restore} gives back everything reserved later. */
  snapshot(): ArenaSnapshot {
    return { free: [...this.#free], end: this.#end }
  }

  restore({ free, end }: ArenaSnapshot): void {
    this.#free = [...free]
    this.#end = end
  }

  #growTo(end: Offset): void {
    const pages = Math.ceil(end / PAGE_BYTES)
    const current = this.memory.buffer.byteLength / PAGE_BYTES
    if (pages <= current) return
    if (pages > this.#maxPages) throw exhausted(end, this.#maxPages)
    try {
      this.memory.grow(Math.min(this.#maxPages, Math.max(pages, Math.ceil(current * 1.25))) - current)
    } catch (cause) {
      throw exhausted(end, current, cause)
    }
  }
}

function exhausted(needed: number, pages: number, cause?: unknown): ProverError {
  return new ProverError({
    code: 'PROVER_MEMORY_EXHAUSTED',
    message: `expected to prove within ${pages * PAGE_BYTES} bytes, ${needed} are needed`,
    remedy: 'prove in more and smaller shards',
    exitStatus: 'limitReached',
    cause,
  })
}
