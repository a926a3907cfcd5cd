/**
 * The memory of the WebAssembly back end: shared memories with a free list each. Columns, trees and work space of a proof
 * lie in them; workers get addresses, never copies. Memories grow and are reused, not dropped, since WebAssembly's never
 * shrink; when one is full, another begins. What a kernel works on at a time lies in one of them.
 */
import { type Offset, SCRATCH_BYTES } from '@zisk/field'
import { type WasmMemory, wasm } from '@zisk/field/wasm'
import { ProverError } from '../errors.ts'

/** A place in some memory: number of the memory times 2^32, plus the offset in it. Kernels take the offset alone. */
export type Address = number

/** Distance of memories in the space of addresses. */
export const MEMORY_SPAN: number = 2 ** 32

/** Bytes beside the scratch region of each kernel instance, for rows that are brought together from several memories. */
export const STAGING_BYTES: number = 2 ** 20

/** Bytes at the start of each memory that belong to one kernel instance. */
const CONTEXT_BYTES = SCRATCH_BYTES + STAGING_BYTES
const PAGE_BYTES = 65_536
/** Largest memory: with one page more its length does not fit 32 bits, and no thread can be sent columns in it. */
const MAX_MEMORY_BYTES = MEMORY_SPAN - PAGE_BYTES
const ALIGNMENT = 64
/** Part of a memory that is left for smaller regions which must lie near large ones: tables, lists, work space. */
const RESERVE_SHARE = 1 / 8

/** A reserved region. */
export interface Region {
  readonly offset: Address
  readonly bytes: number
}

/** Limits of an arena. */
export interface ArenaOptions {
  /** Most bytes of all memories together; what addresses can name when absent. */
  readonly maxBytes?: number | undefined
  /** Most bytes of one memory: at most one page less than 4 GiB, which it is when absent. */
  readonly memoryBytes?: number | undefined
}

/** Which parts of an arena were free at some time. */
export type ArenaSnapshot = readonly { readonly free: readonly Region[]; readonly end: Offset }[]

/** Number of the memory of an address. */
export function memoryOf(address: Address): number {
  return Math.floor(address / MEMORY_SPAN)
}

/** Shared memories and who uses which part of them. */
export class Arena {
  readonly maxBytes: number
  readonly #contexts: number
  readonly #memoryBytes: number
  readonly #parts: ArenaMemory[] = []
  #peak = 0

  /** @param contexts Number of kernel instances for each memory. */
  constructor(contexts: number, { maxBytes, memoryBytes = MAX_MEMORY_BYTES }: ArenaOptions = {}) {
    this.maxBytes = maxBytes ?? Number.MAX_SAFE_INTEGER
    this.#contexts = contexts
    this.#memoryBytes = Math.min(MAX_MEMORY_BYTES, this.maxBytes, memoryBytes)
    this.#addMemory()
  }

  /** All memories, by number. */
  get memories(): readonly WasmMemory[] {
    return this.#parts.map(({ memory }) => memory)
  }

  /** Scratch region of a kernel instance, in every memory; {@link STAGING_BYTES} follow it. */
  scratch(context: number): Offset {
    return context * CONTEXT_BYTES
  }

  /** Bytes of all memories. */
  get byteLength(): number {
    return this.#parts.reduce((sum, { memory }) => sum + memory.buffer.byteLength, 0)
  }

  /** Bytes that were in use and are free again. */
  get freeBytes(): number {
    return this.#parts.reduce((sum, { free }) => free.reduce((all, { bytes }) => all + bytes, sum), 0)
  }

  /** Most bytes that were ever in use, gaps included. */
  get peakBytes(): number {
    return this.#peak
  }

  /** Words at an address; valid until the next reservation. */
  words(address: Address, count: number): BigUint64Array {
    return new BigUint64Array(this.#buffer(address), address % MEMORY_SPAN, count)
  }

  /** Bytes at an address; valid until the next reservation. */
  bytes(address: Address, count: number): Uint8Array {
    return new Uint8Array(this.#buffer(address), address % MEMORY_SPAN, count)
  }

  /** Copies bytes, from one memory to another too. */
  copy(from: Address, to: Address, count: number): void {
    this.bytes(to, count).set(this.bytes(from, count))
  }

  /** Reserves bytes at a multiple of 64; what is in them is not defined. @throws ProverError PROVER_MEMORY_EXHAUSTED. */
  reserve(bytes: number): Region {
    return this.reserveTogether([bytes])[0]!
  }

  /** Reserves regions in one memory. @throws ProverError PROVER_MEMORY_EXHAUSTED. */
  reserveTogether(sizes: readonly number[]): Region[] {
    for (const part of this.#parts) {
      const regions = this.#reserveIn(part, sizes, this.#memoryBytes * (1 - RESERVE_SHARE))
      if (regions !== undefined) return regions
    }
    const regions = this.#reserveIn(this.#addMemory(), sizes, this.#memoryBytes * (1 - RESERVE_SHARE))
    if (regions === undefined)
      throw exhausted(
        sizes.reduce((sum, size) => sum + size, 0),
        this.#memoryBytes,
      )
    return regions
  }

  /** Reserves regions in the memory of an address, if there is room. */
  tryNear(near: Address, sizes: readonly number[]): Region[] | undefined {
    return this.#reserveIn(this.#parts[memoryOf(near)]!, sizes, this.#memoryBytes * (1 - RESERVE_SHARE))
  }

  /** Reserves a smaller region in the memory of an address. @throws ProverError PROVER_MEMORY_EXHAUSTED. */
  reserveNear(near: Address, bytes: number): Region {
    const regions = this.#reserveIn(this.#parts[memoryOf(near)]!, [bytes], this.#memoryBytes)
    if (regions === undefined) throw exhausted(bytes, this.#memoryBytes)
    return regions[0]!
  }

  /** Reserves bytes that are zero. */
  reserveZeroed(bytes: number): Region {
    const region = this.reserve(bytes)
    this.clear(region)
    return region
  }

  /** Fills a region with zeros. */
  clear({ offset, bytes }: Region): void {
    this.bytes(offset, bytes).fill(0)
  }

  release(region: Region): void {
    this.#parts[memoryOf(region.offset)]!.release(region)
  }

  /** What is reserved now; {@link Arena.restore} gives back everything reserved later. */
  snapshot(): ArenaSnapshot {
    return this.#parts.map(({ free, end }) => ({ free: [...free], end }))
  }

  restore(snapshot: ArenaSnapshot): void {
    for (const [i, part] of this.#parts.entries()) {
      const known = snapshot[i]
      part.free = [...(known?.free ?? [])]
      part.end = known?.end ?? this.#contexts * CONTEXT_BYTES
    }
  }

  #buffer(address: Address): ArrayBufferLike {
    return this.#parts[memoryOf(address)]!.memory.buffer
  }

  #addMemory(): ArenaMemory {
    const start = this.#contexts * CONTEXT_BYTES
    const initial = Math.ceil(start / PAGE_BYTES)
    const maximum = Math.floor(this.#memoryBytes / PAGE_BYTES)
    const room = this.maxBytes - this.byteLength
    if (initial > maximum || initial * PAGE_BYTES > room) throw exhausted(start, Math.min(room, this.#memoryBytes))
    const memory = new wasm.Memory({ initial, maximum, shared: true })
    const part = new ArenaMemory(memory, this.#parts.length * MEMORY_SPAN, start)
    this.#parts.push(part)
    return part
  }

  /** All regions or none. */
  #reserveIn(part: ArenaMemory, sizes: readonly number[], capacity: number): Region[] | undefined {
    const others = this.byteLength - part.memory.buffer.byteLength
    const limit = Math.min(capacity, this.maxBytes - others)
    const regions: Region[] = []
    for (const size of sizes) {
      const region = part.reserve(Math.max(ALIGNMENT, Math.ceil(size / ALIGNMENT) * ALIGNMENT), limit)
      if (region === undefined) {
        for (const reserved of regions) part.release(reserved)
        return undefined
      }
      regions.push(region)
    }
    this.#peak = Math.max(
      this.#peak,
      this.#parts.reduce((sum, { end }) => sum + end, 0),
    )
    return regions
  }
}

/** One memory of an arena. */
class ArenaMemory {
  readonly memory: WasmMemory
  readonly #base: Address
  /** Free regions by address, never adjacent. */
  free: Region[] = []
  end: Offset

  constructor(memory: WasmMemory, base: Address, start: Offset) {
    this.memory = memory
    this.#base = base
    this.end = start
  }

  /** @param limit Bytes that the memory may have. */
  reserve(size: number, limit: number): Region | undefined {
    // The smallest that is large enough: small regions in the first that fits would leave holes where no panel fits.
    let fit = -1
    for (const [i, { bytes }] of this.free.entries())
      if (bytes >= size && (fit < 0 || bytes < this.free[fit]!.bytes)) fit = i
    if (fit >= 0) {
      const { offset, bytes: available } = this.free[fit]!
      if (available === size) this.free.splice(fit, 1)
      else this.free[fit] = { offset: offset + size, bytes: available - size }
      return { offset, bytes: size }
    }
    const last = this.free[this.free.length - 1]
    const isOpen = last !== undefined && last.offset - this.#base + last.bytes === this.end
    const at = isOpen ? last.offset - this.#base : this.end
    if (!this.#growTo(at + size, limit)) return undefined
    if (isOpen) this.free.pop()
    this.end = at + size
    return { offset: this.#base + at, bytes: size }
  }

  release(region: Region): void {
    let at = this.free.findIndex(({ offset }) => offset > region.offset)
    if (at < 0) at = this.free.length
    this.free.splice(at, 0, region)
    const next = this.free[at + 1]
    if (next !== undefined && region.offset + region.bytes === next.offset)
      this.free.splice(at, 2, { offset: region.offset, bytes: region.bytes + next.bytes })
    const previous = this.free[at - 1]
    const current = this.free[at]!
    if (previous !== undefined && previous.offset + previous.bytes === current.offset)
      this.free.splice(at - 1, 2, { offset: previous.offset, bytes: previous.bytes + current.bytes })
  }

  #growTo(end: Offset, limit: number): boolean {
    const pages = Math.ceil(end / PAGE_BYTES)
    const current = this.memory.buffer.byteLength / PAGE_BYTES
    if (pages <= current) return end <= limit
    const most = Math.floor(limit / PAGE_BYTES)
    if (pages > most) return false
    try {
      this.memory.grow(Math.min(most, Math.max(pages, Math.ceil(current * 1.25))) - current)
      return true
    } catch {
      return false
    }
  }
}

function exhausted(needed: number, available: number): ProverError {
  return new ProverError({
    code: 'PROVER_MEMORY_EXHAUSTED',
    message: `expected to prove within the memory given: of ${available} bytes at a time, ${needed} more are needed`,
    remedy: 'prove in more and smaller shards',
    exitStatus: 'limitReached',
  })
}
