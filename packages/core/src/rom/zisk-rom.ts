/**
 * A transpiled program: everything that execution and proving need to know of an ELF.
 */

import type { AddressRange, MemoryMap } from '../memory-map.ts'
import type { InstructionTable } from './instruction-table.ts'

/**
 * Whether the exit code is part of the statement. `bound`: the BIOS publishes `a0` at exit (ELFs with `.note.zisk.abi`,
 * or `--exit-code a0`). `unbound`: it publishes 0, because a stock ZisK ELF leaves garbage in `a0`.
 */
export type ExitMode = 'bound' | 'unbound'

/**
 * Initial memory: whole 8-byte words that hold `bytes` before the first instruction.
 *
 * `writable` data lies in RAM and enters memory as a store at the initial step; read-only data lies in the ROM region,
 * as whole lines of 32 bytes.
 */
export interface DataSegment {
  /** Multiple of 8, of read-only data of 32. */
  readonly address: number
  readonly writable: boolean
  /** Length a multiple of 8, of read-only data of 32; bytes that the ELF does not define are 0. */
  readonly bytes: Uint8Array
}

/** A transpiled program. Serialise it with `encodeRom` and `romToJson`; its identity is `romHash`. */
export interface ZiskRom {
  readonly memoryMap: MemoryMap
  readonly exitMode: ExitMode
  /** Entry point of the ELF, where the BIOS jumps after start-up. */
  readonly entry: number
  /** BIOS and program, ascending by pc. */
  readonly instructions: InstructionTable
  /** Sorted by address; no two share a word. Zero-initialised memory (.bss) is not listed: RAM reads 0 before a write. */
  readonly data: readonly DataSegment[]
  /**
   * Ranges of RAM that hold code (an ELF may place `.text` there). Instructions are fetched from the ROM, so a store
   * into such a range could never take effect: the emulators report it as a fault.
   */
  readonly codeInRam: readonly AddressRange[]
}
