/** Loops of a generated test that run some instructions over all operands and compare with a table of results. */
import type { AssemblyTest } from './harness.ts'
import { u64 } from './words.ts'

export type Loop = {
  readonly title: string
  /** Instructions between loading the operands and the checks; may use a0..a5, t1..t6 and s9..s11. */
  readonly body: readonly string[]
  /** Registers to check afterwards: those of one entry must all have the value that the model gives for it. */
  readonly results: readonly (readonly string[])[]
}

/** Runs the body with each operand in a0. */
export function eachOperand(test: AssemblyTest, loop: Loop, model: (a: bigint) => readonly bigint[]): void {
  startLoop(
    test,
    loop,
    test.operands.map((a) => model(a)),
  )
  test.code('1:', 'ld a0, 0(s6)', ...loop.body, ...checks(loop.results), 'addi s6, s6, 8', 'bltu s6, s8, 1b')
}

/** Runs the body with each pair of operands in a0 and a1. */
export function eachPair(test: AssemblyTest, loop: Loop, model: (a: bigint, b: bigint) => readonly bigint[]): void {
  startLoop(
    test,
    loop,
    test.operands.flatMap((a) => test.operands.map((b) => model(a, b))),
  )
  test.code('1:', 'la s7, operands', '2:', 'ld a0, 0(s6)', 'ld a1, 0(s7)', ...loop.body, ...checks(loop.results))
  test.code('addi s7, s7, 8', 'bltu s7, s8, 2b', 'addi s6, s6, 8', 'bltu s6, s8, 1b')
}

/** A register-register instruction on all pairs, with every way in which its registers may coincide. */
export function registerPairs(test: AssemblyTest, name: string, model: (a: bigint, b: bigint) => bigint): void {
  const distinct = [`${name} a2, a0, a1`, `${name} zero, a0, a1`]
  const overwriteFirst = ['mv a3, a0', `${name} a3, a3, a1`]
  const overwriteSecond = ['mv a4, a1', `${name} a4, a0, a4`]
  const body = [...distinct, ...overwriteFirst, ...overwriteSecond]
  eachPair(test, { title: name, body, results: [['a2', 'a3', 'a4']] }, (a, b) => [model(a, b)])
  const withZero = [
    `${name} a2, a0, a0`,
    `${name} a3, a0, zero`,
    `${name} a4, zero, a0`,
    'mv a5, a0',
    `${name} a5, a5, a5`,
  ]
  const results = [['a2', 'a5'], ['a3'], ['a4']]
  eachOperand(test, { title: `${name} with equal or zero registers`, body: withZero, results }, (a) => [
    model(a, a),
    model(a, 0n),
    model(0n, a),
  ])
}

/** An instruction with one source register and a constant, on all operands. */
export function registerConstant(
  test: AssemblyTest,
  name: string,
  constant: bigint,
  model: (a: bigint, b: bigint) => bigint,
): void {
  const operand = u64(constant)
  const body = [`${name} a2, a0, ${constant}`, `${name} zero, a0, ${constant}`, `${name} a0, a0, ${constant}`]
  eachOperand(test, { title: `${name} with ${constant}`, body, results: [['a2', 'a0']] }, (a) => [model(a, operand)])
  test.code(`${name} a2, zero, ${constant}`)
  test.check('a2', u64(model(0n, operand)))
}

function startLoop(test: AssemblyTest, loop: Loop, rows: readonly (readonly bigint[])[]): void {
  const group = test.group(loop.title)
  test.table(`results_${group}`, rows.flat().map(u64))
  for (const row of rows) test.expect(loop.results.flatMap((registers, i) => registers.map(() => row[i]!)))
  test.code(`la s5, results_${group}`, 'la s6, operands', 'la s8, operands_end')
}

function checks(results: Loop['results']): string[] {
  const code = results.flatMap((registers, i) => [
    `ld t1, ${8 * i}(s5)`,
    ...registers.map((register) => `CHECK ${register}, t1`),
  ])
  return [...code, `addi s5, s5, ${8 * results.length}`]
}
