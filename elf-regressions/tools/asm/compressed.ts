/** RV64C: every 16-bit instruction, its boundary constants, and 32-bit instructions that start in the middle of a word. */
import { AssemblyTest } from './harness.ts'
import { eachOperand, eachPair } from './tables.ts'
import { u64, word32 } from './words.ts'

type Model = (a: bigint, b: bigint) => bigint

const PAIRS: Record<string, Model> = {
  'c.add': (a, b) => a + b,
  'c.mv': (_, b) => b,
  'c.sub': (a, b) => a - b,
  'c.xor': (a, b) => a ^ b,
  'c.or': (a, b) => a | b,
  'c.and': (a, b) => a & b,
  'c.addw': (a, b) => word32(a + b),
  'c.subw': (a, b) => word32(a - b),
}

const CONSTANTS: readonly [name: string, constants: readonly bigint[], model: Model][] = [
  ['c.addi', [-32n, -1n, 1n, 31n], (a, b) => a + b],
  ['c.addiw', [-32n, -1n, 0n, 1n, 31n], (a, b) => word32(a + b)],
  ['c.li', [-32n, -1n, 0n, 1n, 31n], (_, b) => b],
  ['c.lui', [1n, 31n, 0xfffe0n, 0xfffffn], (_, b) => word32(b << 12n)],
  ['c.slli', [1n, 31n, 32n, 63n], (a, b) => a << b],
  ['c.srli', [1n, 31n, 32n, 63n], (a, b) => u64(a) >> b],
  ['c.srai', [1n, 31n, 32n, 63n], (a, b) => BigInt.asIntN(64, a) >> b],
  ['c.andi', [-32n, -1n, 0n, 1n, 31n], (a, b) => a & b],
]

export function compressedTest(): AssemblyTest {
  const test = new AssemblyTest()
  for (const [name, model] of Object.entries(PAIRS)) {
    const body = ['mv a2, a0', `${name} a2, a1`, 'mv a3, a1', 'mv a4, a0', `${name} a4, a4`]
    eachPair(test, { title: name, body, results: [['a2'], ['a4']] }, (a, b) => [model(a, b), model(a, a)])
  }
  for (const [name, constants, model] of CONSTANTS) {
    for (const constant of constants) {
      const body = ['mv a2, a0', `${name} a2, ${constant}`]
      eachOperand(test, { title: `${name} ${constant}`, body, results: [['a2']] }, (a) => [model(a, constant)])
    }
  }
  branches(test)
  memory(test)
  stackPointer(test)
  jumps(test)
  hints(test)
  return test
}

function branches(test: AssemblyTest): void {
  for (const [name, taken] of [
    ['c.beqz', (a: bigint) => a === 0n],
    ['c.bnez', (a: bigint) => a !== 0n],
  ] as const) {
    const body = ['li a2, 1', `${name} a0, 5f`, 'li a2, 2', '5:']
    eachOperand(test, { title: name, body, results: [['a2']] }, (a) => [taken(a) ? 1n : 2n])
    test.group(`${name} backward`)
    test.code(`li a0, ${name === 'c.beqz' ? 0 : 9}`, 'li a2, 0', 'c.j 6f', '5:', 'addi a2, a2, 1', 'c.j 7f')
    test.code('.zero 200', '6:', 'addi a2, a2, 2', `${name} a0, 5b`, 'addi a2, a2, 4', '7:')
    test.check('a2', 3n)
  }
}

/** Loads and stores with the smallest and the largest offset. */
function memory(test: AssemblyTest): void {
  test.data('  .section .data', '  .balign 8', 'ram: .zero 512', '  .section .rodata')
  const value = 0xfedc_ba98_8765_4321n
  for (const [width, offsets] of [
    ['w', [0, 4, 64, 124]],
    ['d', [0, 8, 128, 248]],
  ] as const) {
    test.group(`c.s${width} and c.l${width}`)
    for (const offset of offsets) {
      test.code('la a1, ram', 'sd zero, 0(a1)', `li a0, ${value}`, `c.s${width} a0, ${offset}(a1)`)
      test.code(`c.l${width} a2, ${offset}(a1)`, `ld a3, ${offset}(a1)`, `c.l${width} a1, ${offset}(a1)`)
      test.check('a2', width === 'w' ? word32(value) : value)
      test.check('a1', width === 'w' ? word32(value) : value)
      test.code(`slli a3, a3, ${width === 'w' ? 32 : 0}`)
      test.check('a3', u64(value << (width === 'w' ? 32n : 0n)))
      test.code('la a1, ram', `sd zero, ${offset}(a1)`)
    }
  }
}

function stackPointer(test: AssemblyTest): void {
  const value = 0x8765_4321_fedc_ba98n
  for (const [width, offsets] of [
    ['w', [0, 4, 128, 252]],
    ['d', [0, 8, 256, 504]],
  ] as const) {
    test.group(`c.s${width}sp and c.l${width}sp`)
    test.code('mv s9, sp', 'c.addi16sp sp, -512')
    for (const offset of offsets) {
      test.code(`li a0, ${value}`, `c.s${width}sp a0, ${offset}(sp)`, `c.l${width}sp a2, ${offset}(sp)`)
      test.check('a2', width === 'w' ? word32(value) : value)
    }
    test.code('mv sp, s9')
  }
  test.group('c.addi16sp and c.addi4spn')
  for (const constant of [-512, -16, 16, 496]) {
    test.code('mv s9, sp', `c.addi16sp sp, ${constant}`, 'sub a2, sp, s9', 'mv sp, s9')
    test.check('a2', BigInt(constant))
  }
  for (const constant of [4, 8, 16, 64, 128, 256, 512, 1020]) {
    test.code(`c.addi4spn a2, sp, ${constant}`, 'sub a2, a2, sp')
    test.check('a2', BigInt(constant))
  }
}

function jumps(test: AssemblyTest): void {
  test.group('c.j, c.jr and c.jalr')
  test.code(
    'li a2, 0',
    'c.j 6f',
    '5:',
    'addi a2, a2, 1',
    'c.j 7f',
    '.zero 1000',
    '6:',
    'addi a2, a2, 2',
    'c.j 5b',
    '7:',
  )
  test.check('a2', 3n)
  test.code('la a1, 5f', 'c.jr a1', 'j failed', '5:')
  test.code('la a1, 5f + 1', 'c.jr a1', 'j failed', '5:')
  test.code('la a1, 5f', 'c.jalr a1', '4:', 'c.nop', 'c.nop', '5:', 'la a2, 4b', 'sub a2, ra, a2')
  test.check('a2', 0n)
  test.code('la ra, 5f', 'c.jalr ra', '4:', 'c.nop', '5:', 'la a2, 4b', 'sub a2, ra, a2')
  test.check('a2', 0n)
  test.group('jal and jalr of 32 bits at odd half words')
  for (const filler of [[], ['c.nop']]) {
    test.code(...filler, 'jal a1, 5f', '4:', 'c.nop', '5:', 'la a2, 4b', 'sub a2, a1, a2')
    test.check('a2', 0n)
    test.code(...filler, 'la a1, 5f', 'jalr a3, 0(a1)', '4:', 'c.nop', '5:', 'la a2, 4b', 'sub a2, a3, a2')
    test.check('a2', 0n)
    test.code(...filler, 'auipc a1, 0x1', '4:', 'la a2, 4b', 'sub a2, a1, a2')
    test.check('a2', 0x1000n - 4n)
  }
}

/** Encodings that the specification reserves for hints: they change nothing. */
function hints(test: AssemblyTest): void {
  test.group('hints')
  const encodings: readonly [name: string, half: number][] = [
    ['c.nop', 0x0001],
    ['c.nop with a constant', 0x107d],
    ['c.addi a0, 0', 0x0501],
    ['c.li zero, 1', 0x4005],
    ['c.lui zero, 1', 0x6005],
    ['c.mv zero, a0', 0x802a],
    ['c.add zero, a0', 0x902a],
    ['c.slli zero, 1', 0x0006],
    ['c.slli64 a0', 0x0502],
    ['c.srli64 a0', 0x8101],
    ['c.srai64 a0', 0x8501],
  ]
  for (const [name, half] of encodings) {
    test.code('li a0, -5', `.half 0x${half.toString(16)}  /* ${name} */`)
    test.check('a0', u64(-5n))
    test.check('zero', 0n)
  }
}
