/** Loads and stores of every width at aligned and unaligned addresses, in RAM and (loads) in ROM. */
import { AssemblyTest } from './harness.ts'
import { u64 } from './words.ts'

const PAGE = 4096
const SIZE = 2 * PAGE

const LOADS: readonly [name: string, bytes: number, signed: boolean][] = [
  ['lb', 1, true],
  ['lbu', 1, false],
  ['lh', 2, true],
  ['lhu', 2, false],
  ['lw', 4, true],
  ['lwu', 4, false],
  ['ld', 8, false],
]

const STORES: readonly [name: string, bytes: number][] = [
  ['sb', 1],
  ['sh', 2],
  ['sw', 4],
  ['sd', 8],
]

/** Any byte of the buffer at the start, half of them with the sign bit. */
const pattern = (index: number): number => (index * 151 + (index >> 8) * 7 + 0x80) & 0xff

class Memory {
  readonly bytes: Uint8Array = Uint8Array.from({ length: SIZE }, (_, i) => pattern(i))

  load(offset: number, bytes: number, signed: boolean): bigint {
    let value = 0n
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[offset + i]!)
    return u64(signed ? BigInt.asIntN(8 * bytes, value) : value)
  }

  store(offset: number, bytes: number, value: bigint): void {
    for (let i = 0; i < bytes; i++) this.bytes[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn)
  }
}

/** Aligned accesses, with the smallest and largest offsets and aliased registers. */
export function loadStoreTest(): AssemblyTest {
  const test = new AssemblyTest()
  const memory = new Memory()
  buffer(test, 'ram', '.data')
  buffer(test, 'rom', '.rodata')
  for (const label of ['ram', 'rom']) {
    for (const [name, bytes, signed] of LOADS) {
      test.group(`${name} from ${label}`)
      test.code(`la a1, ${label} + ${PAGE}`)
      for (const offset of [0, bytes, 8 - bytes, -bytes, 2048 - bytes, -2048, 1024]) {
        test.code(`${name} a0, ${offset}(a1)`)
        test.check('a0', memory.load(PAGE + offset, bytes, signed))
      }
      test.code('mv a2, a1', `${name} a2, 8(a2)`)
      test.check('a2', memory.load(PAGE + 8, bytes, signed))
      test.code(`${name} zero, 8(a1)`)
      test.check('zero', 0n)
    }
  }
  for (const [name, bytes] of STORES) {
    test.group(name)
    test.code(`la a1, ram + ${PAGE}`)
    for (const offset of [0, bytes, 8 - bytes, -bytes, 2048 - bytes, -2048]) {
      const value = u64(0xf1e2_d3c4_b5a6_9788n * BigInt(2 * offset + 3))
      test.code(`li a0, ${value}`, `${name} a0, ${offset}(a1)`)
      memory.store(PAGE + offset, bytes, value)
      checkAround(test, memory, PAGE + offset)
    }
    test.code(`${name} zero, 16(a1)`)
    memory.store(PAGE + 16, bytes, 0n)
    checkAround(test, memory, PAGE + 16)
  }
  test.group('a store of its own address')
  test.code('sd a1, 24(a1)', 'ld a2, 24(a1)', 'sub a2, a2, a1')
  test.check('a2', 0n)
  return test
}

/** Every width at every offset of two words, inside a page and across a page border. */
export function unalignedTest(): AssemblyTest {
  const test = new AssemblyTest()
  const memory = new Memory()
  buffer(test, 'ram', '.data')
  buffer(test, 'rom', '.rodata')
  const starts = [64, PAGE - 8]
  for (const label of ['ram', 'rom']) {
    for (const [name, bytes, signed] of LOADS) {
      test.group(`${name} from ${label}`)
      for (const start of starts) {
        test.code(`la a1, ${label} + ${start}`)
        for (let offset = 0; offset < 16; offset++) {
          test.code(`${name} a0, ${offset}(a1)`)
          test.check('a0', memory.load(start + offset, bytes, signed))
        }
      }
    }
  }
  for (const [name, bytes] of STORES) {
    test.group(name)
    for (const start of starts) {
      test.code(`la a1, ram + ${start}`)
      for (let offset = 0; offset < 16; offset++) {
        const value = u64(0x8f9e_adbc_cbda_e9f8n * BigInt(2 * offset + 1))
        test.code(`li a0, ${value}`, `${name} a0, ${offset}(a1)`)
        memory.store(start + offset, bytes, value)
        checkAround(test, memory, start + offset)
      }
    }
  }
  return test
}

/** Checks the aligned words before, at and after an offset. */
function checkAround(test: AssemblyTest, memory: Memory, offset: number): void {
  const word = offset - (offset % 8)
  for (const at of [word - 8, word, word + 8].filter((address) => address >= 0)) {
    test.code(`la a3, ram + ${at}`, 'ld a2, 0(a3)')
    test.check('a2', memory.load(at, 8, false))
  }
}

function buffer(test: AssemblyTest, label: string, section: string): void {
  test.data(`  .section ${section}`, `  .balign ${PAGE}`, `${label}:`)
  for (let i = 0; i < SIZE; i += 32) {
    test.data(`  .byte ${Array.from({ length: 32 }, (_, k) => pattern(i + k)).join(', ')}`)
  }
}
