/**
 * The ELF file header, read and checked byte by byte before anything else looks at the file.
 *
 * Source: System V ABI chapter 4, RISC-V ELF psABI.
 */

import { hex } from '@zisk/core'
import { elfError } from '../errors.ts'

/** Fields of a valid header. Table positions are inside the file. */
export interface ElfHeader {
  readonly entry: number
  readonly programTable: ElfTable
  readonly sectionTable: ElfTable
  /** Index of the section that holds the section names. */
  readonly sectionNamesIndex: number
  /** `e_flags` allows compressed instructions. */
  readonly compressed: boolean
  readonly floatAbi: 'soft' | 'single' | 'double' | 'quad'
}

/** Position of a header table; `count` 0 when it is absent. */
export interface ElfTable {
  readonly offset: number
  readonly count: number
}

const HEADER_BYTES = 64
export const PROGRAM_HEADER_BYTES = 56
export const SECTION_HEADER_BYTES = 64
/** Larger files cannot hold more than symbols and debug information in surplus. */
const MAX_FILE_BYTES = 1 << 30

/** Linkers make a handful; every section is looked for in every segment. */
const MAX_SEGMENTS = 1024

const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const CURRENT_VERSION = 1
const MACHINE_RISCV = 243
const TYPE = { relocatable: 1, executable: 2, shared: 3, core: 4 } as const
const FLOAT_ABI = ['soft', 'single', 'double', 'quad'] as const

const MACHINE_NAMES: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  247: 'BPF',
  258: 'LoongArch',
  263: 'Solana BPF',
}

/**
 * Checks the 64-byte header and that both tables lie inside the file.
 *
 * @throws {ElfError} for anything but a little-endian 64-bit RISC-V static executable
 */
export function readHeader(file: Uint8Array): ElfHeader {
  checkIdentification(file)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const u16 = (at: number) => view.getUint16(at, true)
  const u32 = (at: number) => view.getUint32(at, true)
  const u64 = (at: number) => u32(at + 4) * 2 ** 32 + u32(at)

  const machine = u16(18)
  if (machine !== MACHINE_RISCV) {
    throw elfError('ELF_BAD_MACHINE', `machine expected RISC-V (243), got ${MACHINE_NAMES[machine] ?? machine}`, {
      where: 'e_machine',
      remedy: 'build the program for riscv64, for instance with `zisk build`',
      details: { machine },
    })
  }
  checkType(u16(16))
  if (u32(20) !== CURRENT_VERSION) {
    throw elfError('ELF_BAD_VERSION', `version expected 1, got ${u32(20)}`, { where: 'e_version' })
  }
  if (u16(52) < HEADER_BYTES) {
    throw elfError('ELF_BAD_HEADER', `header size expected 64, got ${u16(52)}`, { where: 'e_ehsize' })
  }
  const entry = u64(24)
  if (entry >= 2 ** 32) {
    throw elfError('ELF_BAD_ENTRY', `entry point expected below 2^32, got ${hex(view.getBigUint64(24, true))}`, {
      where: 'e_entry',
    })
  }
  const flags = u32(48)
  return {
    entry,
    programTable: readTable({ file, offset: u64(32), count: u16(56), size: u16(54), name: 'program' }),
    sectionTable: readTable({ file, offset: u64(40), count: u16(60), size: u16(58), name: 'section' }),
    sectionNamesIndex: u16(62),
    compressed: (flags & 1) !== 0,
    floatAbi: FLOAT_ABI[(flags >>> 1) & 3]!,
  }
}

function checkIdentification(file: Uint8Array): void {
  if (file.length < HEADER_BYTES) {
    throw elfError('ELF_TOO_SHORT', `file expected at least ${HEADER_BYTES} bytes, got ${file.length}`)
  }
  if (file.length > MAX_FILE_BYTES) {
    throw elfError('ELF_OVERSIZE', `file expected at most ${MAX_FILE_BYTES} bytes, got ${file.length}`, {
      remedy: 'strip symbols and debug information',
    })
  }
  if (file[0] !== 0x7f || file[1] !== 0x45 || file[2] !== 0x4c || file[3] !== 0x46) {
    const magic = Buffer.from(file.subarray(0, 4)).toString('hex')
    throw elfError('ELF_BAD_MAGIC', `magic expected 7f454c46, got ${magic}`, {
      where: 'offset 0',
      remedy: 'pass an ELF executable',
    })
  }
  if (file[4] !== CLASS_64) {
    throw elfError('ELF_BAD_CLASS', `class expected 64-bit (2), got ${file[4] === 1 ? '32-bit (1)' : file[4]}`, {
      where: 'EI_CLASS',
      remedy: 'build for a riscv64 target',
    })
  }
  if (file[5] !== LITTLE_ENDIAN) {
    throw elfError('ELF_BAD_ENDIAN', `byte order expected little-endian (1), got ${file[5]}`, { where: 'EI_DATA' })
  }
  if (file[6] !== CURRENT_VERSION) {
    throw elfError('ELF_BAD_VERSION', `version expected 1, got ${file[6]}`, { where: 'EI_VERSION' })
  }
}

function checkType(type: number): void {
  if (type === TYPE.executable) return
  const where = 'e_type'
  if (type === TYPE.shared) {
    throw elfError('ELF_DYNAMIC', 'file expected a static executable, got a shared object or PIE', {
      where,
      remedy: 'link with -static -no-pie (Rust: -C relocation-model=static)',
    })
  }
  if (type === TYPE.relocatable) {
    throw elfError('ELF_RELOCATABLE', 'file expected a linked executable, got an object file', {
      where,
      remedy: 'link it first',
    })
  }
  throw elfError('ELF_BAD_TYPE', `type expected executable (2), got ${type === TYPE.core ? 'core dump (4)' : type}`, {
    where,
  })
}

interface TablePosition {
  readonly file: Uint8Array
  readonly offset: number
  readonly count: number
  readonly size: number
  readonly name: 'program' | 'section'
}

function readTable({ file, offset, count, size, name }: TablePosition): ElfTable {
  if (offset === 0 || count === 0) return { offset: 0, count: 0 }
  const where = `${name} header table`
  const expected = name === 'program' ? PROGRAM_HEADER_BYTES : SECTION_HEADER_BYTES
  if (size !== expected) {
    throw elfError('ELF_BAD_HEADER', `${name} header size expected ${expected}, got ${size}`, { where })
  }
  if (name === 'program' && count > MAX_SEGMENTS) {
    throw elfError('ELF_OVERSIZE', `program headers expected at most ${MAX_SEGMENTS}, got ${count}`, { where })
  }
  if (offset + count * size > file.length) {
    throw elfError('ELF_TRUNCATED', `${name} headers expected to end within ${file.length} bytes, end past it`, {
      where,
      remedy: 'the file is cut off: build or copy it again',
      details: { offset, count },
    })
  }
  return { offset, count }
}
