/**
 * Whether every constraint, range check and lookup of the machines is needed: with one left out, a forger finds a row that
 * keeps all others and says something false.
 */
import { type AirInstance, completeWitness, createInstance } from '@zisk/air'
import { BOUNDARY, claim, createRowJudge, dropRules, heightFor, isTrueOperation, pushClaims } from '@zisk/air-testkit'
import { OP, opcodeByCode } from '@zisk/core'
import { ARITH_MACHINES } from '@zisk/sm-arith'
import { BINARY_MACHINES } from '@zisk/sm-binary'
import { OperationInputs } from '@zisk/witness'
import { describe, expect, test } from 'vitest'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
/** Starts per rule. Rows of products have many cells: the search there is a sample, and proves nothing about the rest. */
const ATTEMPTS: Readonly<Record<string, number>> = { ArithMul: 500, ArithDiv: 120 }

/** Rules without which the forger finds no false row, with the reason. */
const REVIEWED: Readonly<Record<string, string>> = {
  'BinaryCompare flags[i] * (1 - flags[i]) === 0 #13': 'the rules of each kind leave no other outcome than 0 and 1',
  'BinaryCompare is_sub * (1 - is_sub) === 0 #14': 'two kinds at once give the code of no operation',
  'BinaryCompare (is_sub + is_add + is_sub_word) * holds === 0 #20':
    'only comparisons say their outcome; one row per claim',
  'BinaryCompare (is_sub + is_add + is_sub_word + is_equal) * is_signed === 0 #21':
    'only comparisons and choices look at signs; one row per claim',
  ...Object.fromEntries(
    [0, 1, 2, 3].map((i) => [
      `BinaryExtension flags[i] * (1 - flags[i]) === 0 #${i}`,
      'with the other flags 0 or 1, the flags word of the table leaves no other value',
    ]),
  ),
  'BinaryExtension is_p01 * (1 - is_p01) === 0 #6': 'with the others 0 or 1, the flags word leaves no other value',
  ...Object.fromEntries(
    [
      ...[0, 8, 9, 10, 11, 12].map((i) => `BinaryCompare flags[i] * (1 - flags[i]) === 0 #${i}`),
      'BinaryCompare is_equal * holds * (x[1] - y[1]) === 0 #24',
      ...[4, 5].map((i) => `BinaryExtension flags[i] * (1 - flags[i]) === 0 #${i}`),
      'BinaryExtension range 0..32767 #11',
      'BinaryExtension range 0..65535 #1',
    ].map((rule) => [rule, 'needed: needed-rules.test.ts of the binary machines has a false row']),
  ),
  'BinaryLess borrow[i] * (1 - borrow[i]) === 0 #0': 'needed: binary-less.test.ts has a false row',
}

/** What no step can ask for does no harm. */
function isHarmless(tuple: string): boolean {
  const op = BigInt(tuple.split(',')[1] ?? 0)
  const known = op < 256n && opcodeByCode(Number(op)) !== undefined
  return (!known && op !== BigInt(OP.PUBOUT)) || isTrueOperation(tuple)
}

describe.each([...BINARY_MACHINES, ...ARITH_MACHINES])('$air', ({ air, operations, fill }) => {
  const operands = BOUNDARY.filter((_, i) => i % 2 === 0 || i < 4)
  const claims = operations
    .filter((op) => opcodeByCode(op) !== undefined)
    .flatMap((op) => operands.flatMap((a) => operands.map((b) => claim(op, a, b))))
  const instance: AirInstance = createInstance(program, { air, rows: heightFor(claims.length) })
  fill(instance, { inputs: pushClaims(new OperationInputs(), claims), from: 0, count: claims.length })
  const witness = completeWitness(program, {
    instances: [instance],
    publics: program.publics.map(() => 0n),
    proofValues: program.proofValues.map(() => 0n),
  })

  test('every rule is needed, but for the reviewed ones', () => {
    const rows = claims.map((_, i) => (i * 7919) % claims.length)
    const judge = createRowJudge(program, witness)
    const isTrueRow = (tuples: ReadonlyMap<string, bigint>) => [...tuples.keys()].every(isHarmless)
    const dropped = dropRules(program, judge, { air, rows, seed: 1, attempts: ATTEMPTS[air] ?? 2500, isTrueRow })
    const missing = dropped.filter(({ cells }) => cells === undefined).map(({ rule }) => `${air} ${rule}`)
    console.log(`${air}: ${dropped.length - missing.length} of ${dropped.length} rules needed`)
    if (air.startsWith('Arith')) expect(dropped.length - missing.length).toBeGreaterThan(8)
    else expect(missing.filter((rule) => REVIEWED[rule] === undefined)).toEqual([])
  })
})
