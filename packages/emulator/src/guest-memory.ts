/**
 * The guest's address space as one WebAssembly memory in which a guest address is a byte offset. The host commits only
 * the pages that are touched. Below 0x4000_0000 lies no guest data: {@link HOST_LAYOUT} is there.
 */

import { ADDRESS, type AddressRange, hex, type MemoryMap, rangeContains, type ZiskRom } from '@zisk/core'
import { EmulatorError } from './emulator-error.ts'
import { GuestTrap } from './faults.ts'
import { assertInputFits } from './input.ts'
import { type WasmMemory, wasm } from './webassembly.ts'

/** Byte offsets of the host-private area: the machine state that interpreter and compiled code share. */
export const HOST_LAYOUT = {
  /** x0..x31, 8 bytes each. */
  registers: 0x1000,
  /** Result `c` of the previous instruction, u64. */
  lastC: 0x1100,
  /** pc of the next instruction, u64. The high half is 0 except after a jump to nowhere, which faults. */
  pc: 0x1108,
  /** Free for the compiled code. */
  scratch: 0x1110,
  scratchEnd: 0x2000,
  /** Recorded words of the compiled code. */
  trace: 0x0100_0000,
  traceEnd: 0x4000_0000,
} as const

const PAGE_BYTES = 0x1_0000
const MEMORY_PAGES = 0xc000_0000 / PAGE_BYTES

/** Guest memory of one run, loaded with the data of a ROM and an input. Drop it to free its pages. */
export class GuestMemory {
  readonly map: MemoryMap
  readonly memory: WasmMemory
  /** RAM, from `map.ram.start`. Writable, reads 0 before the first write. */
  readonly ramBytes: Uint8Array
  /** RAM as 32-bit words. */
  readonly ramWords: Int32Array
  /** Readable extents of the ROM region, ascending, not adjacent; starts and sizes are multiples of 8. */
  readonly romExtents: readonly AddressRange[]
  /**
   * Readable input: the free-input word, the framed input and one zero word, so that a guest that asks for one more
   * record finds a length of 0. The size is a multiple of 8.
   */
  readonly input: AddressRange
  /** RAM ranges that hold code: a store there is a fault. */
  readonly codeInRam: readonly AddressRange[]
  readonly #words: DataView

  /**
   * @param input framed input, a multiple of 8 bytes (see `frameInput`)
   * @throws {EmulatorError} GUEST_MEMORY_UNAVAILABLE, ROM_DATA_OUT_OF_RANGE
   * @throws {InputError} INPUT_TOO_LARGE
   */
  constructor(rom: ZiskRom, input: Uint8Array) {
    this.map = rom.memoryMap
    this.memory = allocate()
    const { buffer } = this.memory
    const { ram } = this.map
    this.ramBytes = new Uint8Array(buffer, ram.start, ram.size)
    this.ramWords = new Int32Array(buffer, ram.start, ram.size / 4)
    this.#words = new DataView(buffer)
    this.codeInRam = rom.codeInRam
    const size = 8 + input.length + 8
    assertInputFits(size, this.map.input.size)
    this.input = { start: this.map.input.start, size }
    new Uint8Array(buffer, this.input.start + 8, input.length).set(input)
    this.romExtents = loadData(rom, buffer)
  }

  /** The aligned word at a readable or host-private address, a multiple of 8. */
  wordAt(address: number): bigint {
    return this.#words.getBigUint64(address, true)
  }

  /** Sets the word that the guest reads at the start of the input region. */
  setFreeInput(word: bigint): void {
    this.#words.setBigUint64(this.input.start, word, true)
  }

  /** Whether `[address, address + width)` is readable. `address` is below 2^32. */
  isReadable(address: number, width: number): boolean {
    if (rangeContains(this.map.ram, address, width) || rangeContains(this.input, address, width)) return true
    return this.romExtents.some((extent) => rangeContains(extent, address, width))
  }

  /** Whether `[address, address + width)` is writable. `address` is below 2^32. */
  isWritable(address: number, width: number): boolean {
    return rangeContains(this.map.ram, address, width) && !this.overlapsCode(address, width)
  }

  /** Whether `[address, address + width)` touches code in RAM. */
  overlapsCode(address: number, width: number): boolean {
    return this.codeInRam.some((range) => address < range.start + range.size && address + width > range.start)
  }

  /** The fault of a read that {@link isReadable} refuses. `address` is any 64-bit value. */
  readTrap(address: bigint, width: number): GuestTrap {
    const isInput =
      rangeContains(this.map.input, Number(address)) && Number(address) >= this.input.start + this.input.size
    if (isInput) return trap('READ_BEYOND_INPUT', 'read beyond the end of the input', address, width)
    return this.#unmapped('read', address, width) ?? trap('INVALID_READ', 'read of unmapped memory', address, width)
  }

  /** The fault of a write that {@link isWritable} refuses. `address` is any 64-bit value. */
  writeTrap(address: bigint, width: number): GuestTrap {
    const low = Number(address)
    if (rangeContains(this.map.ram, low, width)) return trap('WRITE_TO_CODE', 'write to code in RAM', address, width)
    if (rangeContains(this.map.rom, low)) return trap('WRITE_TO_ROM', 'write to read-only memory', address, width)
    if (rangeContains(this.map.input, low)) return trap('WRITE_TO_INPUT', 'write to the input', address, width)
    return this.#unmapped('write', address, width) ?? trap('INVALID_WRITE', 'write to unmapped memory', address, width)
  }

  /** What there is to say of an access to where nothing is mapped, if anything. */
  #unmapped(kind: 'read' | 'write', address: bigint, width: number): GuestTrap | undefined {
    if (address >= BigInt(ADDRESS.stackGuard) && address < BigInt(this.map.ram.start)) {
      return trap('STACK_OVERFLOW', `stack overflow, ${kind} below the end of the stack`, address, width)
    }
    const regions = kind === 'read' ? [this.map.ram, this.input, ...this.romExtents] : [this.map.ram]
    if (!regions.some((region) => rangeContains(region, Number(address)))) return undefined
    return trap('ACCESS_CROSSES_REGION', `${kind} across the end of a memory region`, address, width)
  }
}

function trap(code: GuestTrap['code'], what: string, address: bigint, width: number): GuestTrap {
  return new GuestTrap(code, `${what}: ${width} byte${width === 1 ? '' : 's'} at ${hex(address)}`, address, { width })
}

function allocate(): WasmMemory {
  try {
    return new wasm.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES })
  } catch (cause) {
    throw new EmulatorError({
      code: 'GUEST_MEMORY_UNAVAILABLE',
      message: 'guest memory expected 3 GiB of address space, got a refusal of the host',
      remedy: 'Use a 64-bit Node and lift limits on virtual memory (ulimit -v); only touched pages use memory.',
      cause,
    })
  }
}

/** Copies the data segments and returns the merged extents of the read-only ones. */
function loadData(rom: ZiskRom, buffer: ArrayBuffer): AddressRange[] {
  const extents: { start: number; size: number }[] = []
  for (const { address, writable, bytes } of rom.data) {
    const region = writable ? rom.memoryMap.ram : rom.memoryMap.rom
    if (!rangeContains(region, address, bytes.length) || address % 8 !== 0 || bytes.length % 8 !== 0) {
      throw new EmulatorError({
        code: 'ROM_DATA_OUT_OF_RANGE',
        message: `ROM data expected whole words in ${writable ? 'RAM' : 'the ROM region'}, got ${bytes.length} bytes at ${hex(address)}`,
        remedy: 'Transpile the ELF again with this version.',
        details: { address: hex(address), length: bytes.length },
      })
    }
    new Uint8Array(buffer, address, bytes.length).set(bytes)
    if (writable || bytes.length === 0) continue
    const last = extents.at(-1)
    if (last !== undefined && last.start + last.size === address) last.size += bytes.length
    else extents.push({ start: address, size: bytes.length })
  }
  return extents
}
