/**
 * Where things live in the guest's address space. One value, chosen per ELF, never a global.
 *
 * Source: ZisK v0.18 `core/src/mem.rs`; v0.12 to v0.15 put the input at 0x9000_0000.
 */

/** Name of a memory map: the first ZisK version that used it. */
export type MemoryMapName = 'v0.18' | 'v0.12'

/** A half-open address range `[start, start + size)`, both below 2^32. */
export interface AddressRange {
  readonly start: number
  readonly size: number
}

/** The guest's address space. All addresses are byte addresses below 2^32. */
export interface MemoryMap {
  readonly name: MemoryMapName
  /** Program code and read-only data. */
  readonly rom: AddressRange
  /** Free-input word (8 bytes) followed by the input; `size` is the most that a run may map. */
  readonly input: AddressRange
  /** Read-write memory: stack, system area, outputs, data, heap. */
  readonly ram: AddressRange
  /** Whether an input file is a sequence of framed records (v0.18) or raw bytes of one record (v0.12). */
  readonly inputFraming: 'records' | 'raw'
}

const MIB = 1 << 20

/**
 * ZisK's RAM, and before it the room for a stack that grows into nothing. Between the input of the older map and this lie
 * 16 MiB without memory.
 */
const RAM: AddressRange = { start: 0x9900_0000, size: 0x2700_0000 }

/** All memory maps by name. */
export const MEMORY_MAPS: Readonly<Record<MemoryMapName, MemoryMap>> = {
  'v0.18': {
    name: 'v0.18',
    rom: { start: 0x8000_0000, size: 128 * MIB },
    // Up to one word before ROM, so that no access crosses from one into the other.
    input: { start: 0x4000_0000, size: 1024 * MIB - 8 },
    ram: RAM,
    inputFraming: 'records',
  },
  'v0.12': {
    name: 'v0.12',
    rom: { start: 0x8000_0000, size: 128 * MIB },
    input: { start: 0x9000_0000, size: 128 * MIB },
    ram: RAM,
    inputFraming: 'raw',
  },
}

/** Addresses that every memory map shares. */
export const ADDRESS = {
  /** From here up to RAM nothing is mapped in any memory map: where a stack arrives that overflows. */
  stackGuard: 0x9800_0000,
  /** First instruction of the BIOS: where every run starts. */
  romEntry: 0x1000,
  /** The instruction on which every successful run ends. */
  romExit: 0x1004,
  /** Soft-float handler of the BIOS, reserved up to {@link ADDRESS.biosInit}. */
  floatHandler: 0x1008,
  /** Start-up code of the BIOS. */
  biosInit: 0x1110,
  /**
   * ROM addresses of instructions for which an expansion of 4 bytes has no room: odd ones from here on, where no memory
   * map has anything.
   */
  expansionOverflow: 0x8800_0001,
  /** Temporary words "register 32" and "register 33" of multi-instruction expansions. */
  temp32: 0xa000_0100,
  temp33: 0xa000_0108,
  /** A byte store here prints the byte. */
  uart: 0xa000_0200,
  /** CSR number n is the 8-byte word at `csr + 8 * n`. */
  csr: 0xa000_8000,
  /** 64 public outputs of 32 bits, then the rest of the 64 KiB output area. */
  output: 0xa001_0000,
  /** First address that a linker script may give to data. */
  availableRam: 0xa002_0000,
} as const

/** Public outputs published by the BIOS: 64 words of 32 bits, as 32 bus words of 64 bits. */
export const PUBLIC_OUTPUT_WORDS = 64
/** Index of the `pubout` word that carries the exit code. */
export const EXIT_CODE_PUBOUT_INDEX = 32

/** Whether `[address, address + widthBytes)` lies inside the range. `address` may be any number or u64 below 2^53. */
export function rangeContains(range: AddressRange, address: number, widthBytes = 1): boolean {
  return address >= range.start && address + widthBytes <= range.start + range.size
}
