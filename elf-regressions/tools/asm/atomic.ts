/** RV64A: read-modify-write instructions of both widths and pairs of LR and SC. */
import { AssemblyTest } from './harness.ts'
import { eachPair } from './tables.ts'
import { BOUNDARIES, s64, u32, u64, word32 } from './words.ts'

type Model = (a: bigint, b: bigint) => bigint

/** On signed operands; the unsigned two compare the same bits as unsigned numbers. */
const OPERATIONS: Record<string, Model> = {
  amoswap: (_, b) => b,
  amoadd: (a, b) => a + b,
  amoxor: (a, b) => a ^ b,
  amoand: (a, b) => a & b,
  amoor: (a, b) => a | b,
  amomin: (a, b) => (a < b ? a : b),
  amomax: (a, b) => (a > b ? a : b),
  amominu: (a, b) => (u64(a) < u64(b) ? a : b),
  amomaxu: (a, b) => (u64(a) > u64(b) ? a : b),
}

export function atomicTest(): AssemblyTest {
  const test = new AssemblyTest(BOUNDARIES.slice(0, 14))
  test.data('  .section .data', '  .balign 8', 'cell: .dword 0, 0', '  .section .rodata')
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    atomic(test, `${name}.d`, 0, (a, b) => [a, u64(operation(s64(a), s64(b)))])
    atomic(test, `${name}.w`, 0, (a, b) => wordInside(a, b, 0n, operation))
    atomic(test, `${name}.w`, 4, (a, b) => wordInside(a, b, 32n, operation))
    sameRegister(test, name)
  }
  loadReserved(test)
  return test
}

/** Old value and new memory word of a 32-bit operation on one half of a 64-bit word. */
function wordInside(a: bigint, b: bigint, shift: bigint, operation: Model): [bigint, bigint] {
  const old = word32(a >> shift)
  const low = u32(operation(s64(old), s64(word32(b))))
  return [old, (a & ~(0xffff_ffffn << shift)) | (low << shift)]
}

/** All pairs: memory word a0, operand a1; then with rd = rs2, rd = rs1 and rd = x0. */
function atomic(
  test: AssemblyTest,
  name: string,
  offset: number,
  model: (a: bigint, b: bigint) => [bigint, bigint],
): void {
  const again = ['ld a5, 0(s10)', 'sd a0, 0(s10)']
  const body = ['la s10, cell', `addi s9, s10, ${offset}`, 'sd a0, 0(s10)', `${name} a2, a1, (s9)`]
  body.push(...again, 'mv a3, a1', `${name}.aq a3, a3, (s9)`, 'ld t3, 0(s10)', 'sd a0, 0(s10)')
  body.push('mv a4, s9', `${name}.rl a4, a1, (a4)`, 'ld t4, 0(s10)', 'sd a0, 0(s10)')
  body.push(`${name}.aqrl zero, a1, (s9)`, 'ld t5, 0(s10)')
  const results = [
    ['a2', 'a3', 'a4'],
    ['a5', 't3', 't4', 't5'],
  ]
  eachPair(test, { title: `${name} at offset ${offset}`, body, results }, model)
}

/** rs1 = rs2: the operand is the address, whose low 32 bits with the sign are 0xa0030000 or so; then rd = rs1 = rs2. */
function sameRegister(test: AssemblyTest, name: string): void {
  test.group(`${name} with its address as operand`)
  // The address is not known to the model: swap and add are checked against the same sum, the others for the old value.
  const exact = name === 'amoswap' || name === 'amoadd'
  for (const width of ['d', 'w']) {
    const old = 0x1234_5678n
    test.code('la s9, cell', `li a0, ${old}`, 'sd a0, 0(s9)', `${name}.${width} a2, s9, (s9)`, 'ld a3, 0(s9)')
    test.check('a2', old)
    if (exact) {
      test.code(name === 'amoadd' ? 'add a4, s9, a0' : 'mv a4, s9', 'sub a3, a3, a4')
      if (width === 'w') test.code('sext.w a3, a3')
      test.check('a3', 0n)
    }
    test.code('sd a0, 0(s9)', 'mv a2, s9', `${name}.${width} a2, a2, (a2)`)
    test.check('a2', old)
  }
}

function loadReserved(test: AssemblyTest): void {
  const body = ['la s9, cell', 'sd a0, 0(s9)', 'lr.d a2, (s9)', 'sc.d a3, a1, (s9)', 'ld a4, 0(s9)']
  eachPair(test, { title: 'lr.d and sc.d', body, results: [['a2'], ['a3'], ['a4']] }, (a, b) => [a, 0n, b])
  for (const [offset, shift] of [
    [0, 0n],
    [4, 32n],
  ] as const) {
    const words = [
      'la s9, cell',
      'sd a0, 0(s9)',
      `addi s10, s9, ${offset}`,
      'lr.w a2, (s10)',
      'sc.w a3, a1, (s10)',
      'ld a4, 0(s9)',
    ]
    eachPair(
      test,
      { title: `lr.w and sc.w at offset ${offset}`, body: words, results: [['a2'], ['a3'], ['a4']] },
      (a, b) => [word32(a >> shift), 0n, (a & ~(0xffff_ffffn << shift)) | (u32(b) << shift)],
    )
  }
  for (const [width, mask] of [
    ['d', 0xffff_ffff_ffff_ffffn],
    ['w', 0xffff_ffffn],
  ] as const) {
    const stored = 0x89ab_cdef_0123_4567n
    test.group(`lr.${width} and sc.${width} with equal registers`)
    const prepare = ['la s9, cell', 'sd zero, 0(s9)', `li a1, ${stored}`]
    const read = ['la s9, cell', 'ld a4, 0(s9)']
    test.code(...prepare, `lr.${width}.aq zero, (s9)`, `sc.${width}.rl zero, a1, (s9)`, ...read)
    test.check('a4', stored & mask)
    test.code(...prepare, `lr.${width}.aqrl a2, (s9)`, `sc.${width} a1, a1, (s9)`, ...read)
    test.check('a1', 0n)
    test.check('a4', stored & mask)
    test.code(...prepare, `lr.${width} a2, (s9)`, `sc.${width}.aqrl s9, a1, (s9)`, 'mv a3, s9', ...read)
    test.check('a3', 0n)
    test.check('a4', stored & mask)
    test.code(...prepare, `lr.${width} a2, (s9)`, `sc.${width} a2, zero, (s9)`, ...read)
    test.check('a4', 0n)
    test.code(...prepare, 'li a3, 77', 'sd a3, 0(s9)', 'mv a2, s9', `lr.${width} a2, (a2)`, `sc.${width} a3, a2, (s9)`)
    test.check('a2', 77n)
  }
}
