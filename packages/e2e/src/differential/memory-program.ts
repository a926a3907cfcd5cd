/**
 * Random programs that access memory: words, parts of words and what lies over two, at addresses computed as the program
 * runs, on many pages of RAM, read-only data and input.
 */

import { MEMORY_MAPS, type MemoryMapName } from '@zisk/core'
import { addi, bType, ECALL, iType, loadAddress, rType, sType, uType } from './encode.ts'
import { guestElf } from './guest-elf.ts'
import { createRandom, type Random } from './random.ts'

const CODE_ADDRESS = 0x8000_0000
const DATA_ADDRESS = 0xa004_0000
const CONSTANTS_ADDRESS = 0x8010_0000

const [STATE, COUNTER, OFFSET, ADDRESS, VALUE, SCRATCH, A0, A7] = [5, 6, 7, 28, 29, 30, 10, 17]
const EXIT = 93
/** Registers that hold the start of a window each, from here on. */
const FIRST_BASE = 18
/** An access is of 16 bytes at most, its offset included. */
const ACCESS_BYTES = 16

/** A program with the input that it reads. */
export interface MemoryProgram {
  readonly elf: Uint8Array
  /** The bytes of one record. */
  readonly record: Uint8Array
}

/** Addresses `[base, base + 2^logBytes)` that accesses begin at. */
interface Window {
  readonly base: number
  readonly logBytes: number
  readonly isWritable: boolean
}

/** A window somewhere in a range, often at one of its ends. */
function windowIn(random: Random, start: number, bytes: number, isWritable: boolean): Window {
  const most = Math.floor(Math.log2(bytes - ACCESS_BYTES))
  const logBytes = random.chance(0.3) ? most : Math.min(most, 3 + random.below(14))
  const room = bytes - ACCESS_BYTES - 2 ** logBytes
  return { base: start + random.pick([0, room, random.below(room + 1)]), logBytes, isWritable }
}

/** OFFSET becomes a random number below 2^logBytes, STATE the next state of xorshift64. */
const nextOffset = (logBytes: number): readonly number[] => [
  iType(0x13, 1, SCRATCH, STATE, 13),
  rType(0x33, 4, 0, STATE, STATE, SCRATCH),
  iType(0x13, 5, SCRATCH, STATE, 7),
  rType(0x33, 4, 0, STATE, STATE, SCRATCH),
  iType(0x13, 1, SCRATCH, STATE, 17),
  rType(0x33, 4, 0, STATE, STATE, SCRATCH),
  iType(0x13, 5, OFFSET, STATE, 64 - logBytes),
]

/** One access somewhere in a window: aligned or not, with a constant added or not. */
function access(random: Random, windows: readonly Window[]): readonly number[] {
  const w = random.below(windows.length)
  const { logBytes, isWritable } = windows[w]!
  const isAtomic = isWritable && random.chance(0.15)
  const align = isAtomic ? 3 : random.pick([0, 0, 1, 2, 3])
  const address = [
    ...nextOffset(logBytes),
    ...(align === 0 ? [] : [iType(0x13, 7, OFFSET, OFFSET, -(2 ** align))]),
    rType(0x33, 0, 0, ADDRESS, FIRST_BASE + w, OFFSET),
  ]
  const aligned = windows[w]!.base % 8 === 0 ? [] : [iType(0x13, 7, ADDRESS, ADDRESS, -8), addi(ADDRESS, ADDRESS, 8)]
  if (isAtomic) {
    const funct5 = random.pick([0x00, 0x01, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c])
    return [...address, ...aligned, rType(0x2f, random.pick([2, 3]), funct5 << 2, VALUE, ADDRESS, STATE)]
  }
  const offset = random.below(8)
  if (isWritable && random.chance(0.4))
    return [...address, sType(0x23, random.below(4), ADDRESS, random.pick([STATE, VALUE, 0]), offset)]
  // A value read enters what is written later.
  return [
    ...address,
    iType(0x03, random.below(7), VALUE, ADDRESS, offset),
    rType(0x33, random.pick([0, 4]), 0, VALUE, VALUE, STATE),
  ]
}

/** A loop of 1 to `atMost` rounds over some accesses. */
function loop(random: Random, windows: readonly Window[], atMost: number): readonly number[] {
  const body = Array.from({ length: 1 + random.below(12) }, () => access(random, windows)).flat()
  const rounds = 1 + random.below(atMost)
  return [
    uType(0x37, COUNTER, (rounds + 0x800) >>> 12),
    addi(COUNTER, COUNTER, (rounds << 20) >> 20),
    ...body,
    addi(COUNTER, COUNTER, -1),
    bType(1, COUNTER, 0, -4 * (body.length + 1)),
  ]
}

/** The program of one seed for a memory map, with loops of at most so many rounds. */
export function memoryProgram(seed: number, rounds: number, map: MemoryMapName): MemoryProgram {
  const random = createRandom(seed)
  const { ram, input } = MEMORY_MAPS[map]
  const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256))
  const data = bytesOf(8 * (1 + random.below(600)))
  const constants = { address: CONSTANTS_ADDRESS, bytes: bytesOf(64 + random.below(2 ** (6 + random.below(12)))) }
  const record = bytesOf(64 + random.below(2 ** (6 + random.below(14))))
  // Behind the free-input word: the length, the record, and zeros up to a whole word.
  const records = { address: input.start + 8, bytes: 8 + 8 * Math.ceil(record.length / 8) }
  const windows = [
    windowIn(random, DATA_ADDRESS, data.length + 64, true),
    windowIn(random, DATA_ADDRESS, ram.start + ram.size - DATA_ADDRESS, true),
    windowIn(random, ram.start + ram.size - 2 ** 20, 2 ** 20, true),
    windowIn(random, CONSTANTS_ADDRESS, constants.bytes.length, false),
    windowIn(random, records.address, records.bytes, false),
  ]
  const code = [
    ...loadAddress(STATE, 1 + random.below(2 ** 31)),
    ...windows.flatMap(({ base }, w) => loadAddress(FIRST_BASE + w, base)),
    ...Array.from({ length: 1 + random.below(6) }, () => loop(random, windows, rounds)).flat(),
    addi(A0, 0, 0),
    addi(A7, 0, EXIT),
    ECALL,
  ]
  const words = Uint32Array.from(code.length % 2 === 0 ? code : [...code, 0])
  const elf = guestElf({
    codeAddress: CODE_ADDRESS,
    code: new Uint8Array(words.buffer),
    dataAddress: DATA_ADDRESS,
    data,
    constants,
  })
  return { elf, record }
}
