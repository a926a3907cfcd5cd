/** Guests of a few instructions, for proofs that take part of a second. */
import type { ExitMode, MemoryMapName, ZiskRom } from '@zisk/core'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { addi, ECALL } from '../differential/encode.ts'
import { guestElf } from '../differential/guest-elf.ts'

/** Where tiny guests have their data. */
export const TINY_DATA = 0xa002_0000
const CODE = 0x8000_0000
const A7 = 17
const EXIT = 93

/** A guest that executes the instructions and ends with what they leave in a0. */
export function tinyGuest(
  code: readonly number[],
  options: { readonly exitMode?: ExitMode; readonly memoryMap?: MemoryMapName; readonly data?: Uint8Array } = {},
): ZiskRom {
  const { data = new Uint8Array(8), ...rest } = options
  const words = [...code, addi(A7, 0, EXIT), ECALL]
  const elf = guestElf({ codeAddress: CODE, code: toBytes(words), dataAddress: TINY_DATA, data })
  return transpile(readElf(elf), { exitMode: 'bound', ...rest })
}

function toBytes(words: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(words.length % 2 === 0 ? words : [...words, 0]).buffer)
}
