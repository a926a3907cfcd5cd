/** Loops of a generated test that run one instruction over a table of operands and compare with a table of results. */
import type { AssemblyTest } from './harness.ts'
import { BOUNDARIES, u64 } from './words.ts'

/** Puts the operand table that the loops use in the program. */
export function operandTable(test: AssemblyTest): void {
  test.table('operands', BOUNDARIES)
  test.data('operands_end:')
}

/** All pairs of operands for a register-register instruction, with every way in which its registers may coincide. */
export function registerPairs(test: AssemblyTest, name: string, model: (a: bigint, b: bigint) => bigint): void {
  const group = test.group(name)
  const results = BOUNDARIES.flatMap((a) => BOUNDARIES.map((b) => u64(model(a, b))))
  test.table(`results_${group}`, results)
  test.code(
    `la s5, results_${group}`,
    'la s6, operands',
    'la s8, operands_end',
    '1:',
    'la s7, operands',
    '2:',
    'ld a0, 0(s6)',
    'ld a1, 0(s7)',
    'ld a5, 0(s5)',
    `${name} a2, a0, a1`,
    'CHECK a2, a5',
    'mv a3, a0',
    `${name} a3, a3, a1`,
    'mv a6, a3',
    'mv a7, a5',
    'bne a3, a5, 3f',
    'mv a4, a1',
    `${name} a4, a0, a4`,
    'mv a6, a4',
    'bne a4, a5, 3f',
    `${name} zero, a0, a1`,
    'mv a6, zero',
    'li a7, 0',
    'bnez a6, 3f',
    'bne s6, s7, 4f',
    'mv a4, a0',
    `${name} a4, a4, a4`,
    'mv a6, a4',
    'mv a7, a5',
    'beq a4, a5, 4f',
    '3:',
    'j failed',
    '4:',
    'addi s5, s5, 8',
    'addi s7, s7, 8',
    'bltu s7, s8, 2b',
    'addi s6, s6, 8',
    'bltu s6, s8, 1b',
  )
  test.expect(results)
}

/** All operands for an instruction with one source register and a constant. */
export function registerConstant(
  test: AssemblyTest,
  name: string,
  constant: bigint,
  model: (a: bigint, b: bigint) => bigint,
): void {
  const group = test.group(`${name} with ${constant}`)
  const results = BOUNDARIES.map((a) => u64(model(a, u64(constant))))
  test.table(`results_${group}`, results)
  test.code(
    `la s5, results_${group}`,
    'la s6, operands',
    'la s8, operands_end',
    '1:',
    'ld a0, 0(s6)',
    'ld a5, 0(s5)',
    `${name} a2, a0, ${constant}`,
    'CHECK a2, a5',
    `${name} a0, a0, ${constant}`,
    'mv a6, a0',
    'bne a0, a5, 2f',
    `${name} zero, a0, ${constant}`,
    'mv a6, zero',
    'li a7, 0',
    'beqz a6, 3f',
    '2:',
    'j failed',
    '3:',
    'addi s5, s5, 8',
    'addi s6, s6, 8',
    'bltu s6, s8, 1b',
  )
  test.expect(results)
}
