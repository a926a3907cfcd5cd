/**
 * Random RV64IMAC programs that end by themselves and leave every register and their whole buffer in memory.
 *
 * Registers with a fixed role while the body runs: x1 return address of leaf calls, x2 x9 x31 base of the buffer (for
 * the stack-pointer, compressed and plain addressing forms), x29 loop counter, x30 computed address. All others are
 * random. Branches go forwards; the only backward ones close counted loops.
 */

import { addi, auipc, bType, ECALL, iType, jalr, jType, ld, loadAddress, rType, sd, sType, uType } from './encode.ts'
import { guestElf } from './guest-elf.ts'
import { createRandom, type Random } from './random.ts'

const CODE_ADDRESS = 0x8000_0000
/** Initial values of x1..x31, then the dump of x0..x31, then the buffer. */
const DATA_ADDRESS = 0xa004_0000
const DUMP_OFFSET = 256
const BUFFER_OFFSET = 512
const BUFFER_BYTES = 4096
/** Base registers point to the middle of the buffer, so that 12-bit offsets reach both ways. */
const BASE_ADDRESS = DATA_ADDRESS + BUFFER_OFFSET + BUFFER_BYTES / 2
/** Where `qemuImage` tells a guest that Linux system calls work. */
const LINUX_FLAG_ADDRESS = 0xa001_fff8

const FIXED = new Set([1, 2, 9, 29, 30, 31])
const BASES = [2, 9, 31]
const FREE: readonly number[] = Array.from({ length: 32 }, (_, index) => index).filter((index) => !FIXED.has(index))
/** Free registers that the 3-bit fields of compressed instructions reach (x8..x15). */
const FREE_COMPRESSED = FREE.filter((index) => index >= 8 && index <= 15)

/** A random program and where it leaves its results. */
export interface RandomProgram {
  readonly elf: Uint8Array
  /** The dump of x0..x31 followed by the buffer. */
  readonly dumpAddress: number
  readonly dumpBytes: number
}

/** One encoded instruction: 4 or 2 bytes. */
interface Encoded {
  readonly word: number
  readonly bytes: 2 | 4
}
const wide = (word: number): Encoded => ({ word, bytes: 4 })
const narrow = (word: number): Encoded => ({ word: word & 0xffff, bytes: 2 })
const sizeOf = (code: readonly Encoded[]): number => code.reduce((sum, instruction) => sum + instruction.bytes, 0)

/** Straight-line instructions without control flow. */
type Maker = (random: Random) => readonly Encoded[]

const source = (random: Random): number => random.below(32)
const target = (random: Random): number => random.pick(FREE)
const offset12 = (random: Random): number => random.below(BUFFER_BYTES - 16) - BUFFER_BYTES / 2

/** funct7 and the funct3 values that exist with it: base, subtract and arithmetic shift, multiply and divide. */
type FunctRow = readonly [funct7: number, funct3s: readonly number[]]
const WORD_OPS: readonly FunctRow[] = [
  [0, [0, 1, 5]],
  [0x20, [0, 5]],
  [1, [0, 4, 5, 6, 7]],
]
const DOUBLE_OPS: readonly FunctRow[] = [
  [0, [0, 1, 2, 3, 4, 5, 6, 7]],
  [0x20, [0, 5]],
  [1, [0, 1, 2, 3, 4, 5, 6, 7]],
]

const makeRegisterOp: Maker = (random) => {
  const word32 = random.chance(0.3)
  const [funct7, funct3s] = random.pick(word32 ? WORD_OPS : DOUBLE_OPS)
  return [
    wide(rType(word32 ? 0x3b : 0x33, random.pick(funct3s), funct7, target(random), source(random), source(random))),
  ]
}

const makeImmediateOp: Maker = (random) => {
  const rd = target(random)
  const rs1 = source(random)
  const imm = random.chance(0.3) ? random.pick([0, 1, -1, -2048, 2047]) : random.below(4096) - 2048
  if (random.chance(0.3)) {
    const funct3 = random.pick([0, 1, 5])
    if (funct3 === 0) return [wide(iType(0x1b, 0, rd, rs1, imm))]
    return [wide(iType(0x1b, funct3, rd, rs1, random.below(32) | (funct3 === 5 && random.chance(0.5) ? 0x400 : 0)))]
  }
  const funct3 = random.below(8)
  if (funct3 !== 1 && funct3 !== 5) return [wide(iType(0x13, funct3, rd, rs1, imm))]
  return [wide(iType(0x13, funct3, rd, rs1, random.below(64) | (funct3 === 5 && random.chance(0.5) ? 0x400 : 0)))]
}

const makeUpperImmediate: Maker = (random) => [
  wide(
    uType(
      random.pick([0x37, 0x17]),
      target(random),
      random.pick([0, 1, 0x7ffff, 0x80000, 0xfffff, random.below(1 << 20)]),
    ),
  ),
]

const makeLoad: Maker = (random) => [
  wide(iType(0x03, random.below(7), target(random), random.pick(BASES), offset12(random))),
]

const makeStore: Maker = (random) => [
  wide(sType(0x23, random.below(4), random.pick(BASES), source(random), offset12(random))),
]

const AMO_FUNCT5 = [0x00, 0x01, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c]

/** x30 := an aligned address of the buffer, then an AMO or a paired LR/SC there. Operand registers may alias. */
const makeAtomic: Maker = (random) => {
  const funct3 = random.pick([2, 3])
  const address = wide(addi(30, 31, (random.below(BUFFER_BYTES / 8 - 2) - BUFFER_BYTES / 16) * 8))
  const amo = (funct5: number, rd: number, rs2: number): Encoded =>
    wide(rType(0x2f, funct3, (funct5 << 2) | random.below(4), rd, 30, rs2))
  if (random.chance(0.7)) {
    // rd may be the address register itself: its role ends with this instruction.
    const rd = random.chance(0.1) ? 30 : target(random)
    return [address, amo(random.pick(AMO_FUNCT5), rd, random.chance(0.1) ? 30 : source(random))]
  }
  return [address, amo(0x02, target(random), 0), amo(0x03, target(random), source(random))]
}

/** Bits of a 6-bit immediate in the CI format. */
const ciImmediate = (imm: number): number => (((imm >> 5) & 1) << 12) | ((imm & 31) << 2)
const compressedRegister = (index: number): number => index - 8

const makeCompressed: Maker = (random) => {
  const rd = random.pick(FREE.filter((index) => index !== 0))
  const rs2 = 1 + random.below(31)
  const short = compressedRegister(random.pick(FREE_COMPRESSED))
  const shortSource = random.below(8)
  const imm = random.below(64)
  const shift = 1 + random.below(63)
  const double = random.below(32) * 8
  const single = random.below(32) * 4
  const ciDouble = (value: number): number =>
    (((value >> 5) & 1) << 12) | (((value >> 3) & 3) << 5) | (((value >> 6) & 7) << 2)
  return [
    narrow(
      random.pick<() => number>([
        () => 0x0001 | (rd << 7) | ciImmediate(imm === 0 ? 1 : imm), // c.addi
        () => 0x2001 | (rd << 7) | ciImmediate(imm), // c.addiw
        () => 0x4001 | (rd << 7) | ciImmediate(imm), // c.li
        () => 0x6001 | (rd << 7) | ciImmediate(imm === 0 ? 1 : imm), // c.lui
        () => 0x0002 | (rd << 7) | ciImmediate(shift), // c.slli
        () => 0x8001 | (short << 7) | ciImmediate(shift), // c.srli
        () => 0x8401 | (short << 7) | ciImmediate(shift), // c.srai
        () => 0x8801 | (short << 7) | ciImmediate(imm), // c.andi
        () => 0x8c01 | (random.below(4) << 5) | (short << 7) | (shortSource << 2), // c.sub c.xor c.or c.and
        () => 0x9c01 | (random.below(2) << 5) | (short << 7) | (shortSource << 2), // c.subw c.addw
        () => 0x8002 | (rd << 7) | (rs2 << 2), // c.mv
        () => 0x9002 | (rd << 7) | (rs2 << 2), // c.add
        () => 0x0000 | ((1 + random.below(255)) << 5) | (short << 2), // c.addi4spn
        () => 0x6000 | (((double >> 3) & 7) << 10) | (((double >> 6) & 3) << 5) | (1 << 7) | (short << 2), // c.ld x9
        () => 0xe000 | (((double >> 3) & 7) << 10) | (((double >> 6) & 3) << 5) | (1 << 7) | (shortSource << 2), // c.sd x9
        () =>
          0x4000 |
          (((single >> 3) & 7) << 10) |
          (((single >> 2) & 1) << 6) |
          (((single >> 6) & 1) << 5) |
          (1 << 7) |
          (short << 2), // c.lw x9
        () =>
          0xc000 |
          (((single >> 3) & 7) << 10) |
          (((single >> 2) & 1) << 6) |
          (((single >> 6) & 1) << 5) |
          (1 << 7) |
          (shortSource << 2), // c.sw x9
        () => 0x6002 | (rd << 7) | ciDouble(double), // c.ldsp
        () => 0xe002 | (((double >> 3) & 7) << 10) | (((double >> 6) & 7) << 7) | (rs2 << 2), // c.sdsp
        () => 0x0001, // c.nop
      ])(),
    ),
  ]
}

const STRAIGHT: readonly (readonly [weight: number, maker: Maker])[] = [
  [30, makeRegisterOp],
  [18, makeImmediateOp],
  [4, makeUpperImmediate],
  [12, makeLoad],
  [10, makeStore],
  [6, makeAtomic],
  [20, makeCompressed],
]
const TOTAL_WEIGHT = STRAIGHT.reduce((sum, [weight]) => sum + weight, 0)

function straight(random: Random): readonly Encoded[] {
  let ticket = random.below(TOTAL_WEIGHT)
  for (const [weight, maker] of STRAIGHT) {
    if (ticket < weight) return maker(random)
    ticket -= weight
  }
  throw new Error('unreachable: a ticket is below the total weight')
}

const straightRun = (random: Random, atMost: number): readonly Encoded[] =>
  Array.from({ length: 1 + random.below(atMost) }, () => straight(random)).flat()

/** A forward conditional branch, jump or computed jump over a few instructions. */
function forwardSkip(random: Random): readonly Encoded[] {
  const skipped = straightRun(random, 4)
  const distance = sizeOf(skipped)
  switch (random.below(4)) {
    case 0:
      return [wide(jType(target(random), 4 + distance)), ...skipped]
    case 1:
      // The low bit of a jalr target is cleared: an odd offset lands on the even address.
      return [wide(auipc(30, 0)), wide(jalr(target(random), 30, 8 + distance + random.below(2))), ...skipped]
    default:
      return [wide(bType(random.pick([0, 1, 4, 5, 6, 7]), source(random), source(random), 4 + distance)), ...skipped]
  }
}

/** A loop of 1 to 20 rounds counted in x29. */
function countedLoop(random: Random): readonly Encoded[] {
  const body = [...straightRun(random, 8), ...(random.chance(0.5) ? forwardSkip(random) : []), wide(addi(29, 29, -1))]
  return [wide(addi(29, 0, 1 + random.below(20))), ...body, wide(bType(1, 29, 0, -sizeOf(body)))]
}

/** A call of a leaf function that lies behind the call, which jumps over it after the return. */
function leafCall(random: Random): readonly Encoded[] {
  const back = random.chance(0.5) ? narrow(0x8082) : wide(jalr(0, 1, 0))
  const leaf = [...straightRun(random, 6), back]
  return [wide(jType(1, 8)), wide(jType(0, 4 + sizeOf(leaf))), ...leaf]
}

function body(random: Random, pieces: number): readonly Encoded[] {
  return Array.from({ length: pieces }, () => {
    const ticket = random.below(10)
    if (ticket === 0) return forwardSkip(random)
    if (ticket === 1) return countedLoop(random)
    if (ticket === 2 && random.chance(0.5)) return leafCall(random)
    return straight(random)
  }).flat()
}

/** Loads x1..x31 with random values; the bases with the middle of the buffer. */
function prologue(): readonly Encoded[] {
  const loads = Array.from({ length: 30 }, (_, index) => wide(ld(index + 1, 31, 8 * (index + 1))))
  const bases = BASES.filter((base) => base !== 31).flatMap((base) => loadAddress(base, BASE_ADDRESS).map(wide))
  return [...loadAddress(31, DATA_ADDRESS).map(wide), ...loads, ...bases, ...loadAddress(31, BASE_ADDRESS).map(wide)]
}

/** Dumps all registers, writes dump and buffer to stdout under Linux, and exits with code 0. */
function epilogue(): readonly Encoded[] {
  const dumpFromBase = DATA_ADDRESS + DUMP_OFFSET - BASE_ADDRESS
  const write = [
    addi(10, 0, 1),
    ...loadAddress(11, DATA_ADDRESS + DUMP_OFFSET),
    uType(0x37, 12, 1),
    addi(12, 12, 256),
    addi(17, 0, 64),
    ECALL,
  ]
  return [
    // x31 becomes the dump address in two steps; its dumped value is that address on both machines.
    wide(addi(31, 31, -2048)),
    wide(addi(31, 31, dumpFromBase + 2048)),
    ...Array.from({ length: 32 }, (_, index) => wide(sd(index, 31, 8 * index))),
    ...loadAddress(5, LINUX_FLAG_ADDRESS).map(wide),
    wide(ld(5, 5, 0)),
    wide(bType(0, 5, 0, 4 + 4 * write.length)),
    ...write.map(wide),
    wide(addi(10, 0, 0)),
    wide(addi(17, 0, 93)),
    wide(ECALL),
    wide(jType(0, 0)),
  ]
}

function assemble(code: readonly Encoded[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(sizeOf(code) / 8) * 8)
  let at = 0
  for (const { word, bytes: length } of code) {
    for (let byte = 0; byte < length; byte++) bytes[at++] = (word >>> (8 * byte)) & 0xff
  }
  return bytes
}

/** The program of one seed, with about `pieces` instructions, loops and calls in its body. */
export function randomProgram(seed: number, pieces: number): RandomProgram {
  const random = createRandom(seed)
  const data = new Uint8Array(BUFFER_OFFSET + BUFFER_BYTES)
  const view = new DataView(data.buffer)
  for (let at = 8; at < DUMP_OFFSET; at += 8) view.setBigUint64(at, random.operand(), true)
  for (let at = BUFFER_OFFSET; at < data.length; at += 8) view.setBigUint64(at, random.operand(), true)
  const code = assemble([...prologue(), ...body(random, pieces), ...epilogue()])
  return {
    elf: guestElf({ codeAddress: CODE_ADDRESS, code, dataAddress: DATA_ADDRESS, data }),
    dumpAddress: DATA_ADDRESS + DUMP_OFFSET,
    dumpBytes: BUFFER_OFFSET - DUMP_OFFSET + BUFFER_BYTES,
  }
}
