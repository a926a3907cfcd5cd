/**
 * With one rule of Main, RegisterReads or Rom left out, a program publishes what it does not compute: every story below breaks that rule
 * and no other, in a world in which all operations are true and memory gives what was stored. Rules without a story are
 * named with the reason.
 */
import { busTerms, nodeStages } from '@zisk/air'
import { FLAG, OPCODES, opcodeByCode } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { outcomeOf, program } from './testing/forge-run.ts'
import { BITS, type Bit, b, copy, into, publish } from './testing/instructions.ts'
import { BIT, BITS_STORIES, SEL, STORIES } from './testing/stories.ts'

describe.each(Object.entries(STORIES))('%s', (_, stories) => {
  test.each(stories.map((story) => [story.rule, story.what, story] as const))(
    'without %s: %s',
    (rule, _what, story) => {
      const { code, data, forgery, faults } = story
      const source = data === undefined ? { code } : { code, data }
      const forged = outcomeOf(source, forgery)
      expect(forged.reasons).toEqual([rule])
      if (faults) return
      const honest = outcomeOf(source)
      expect(honest.reasons).toEqual([])
      expect(forged.published).not.toEqual(honest.published)
    },
  )
})

describe('registers that there are not', () => {
  /** What the register gives, whoever asks: 0 and a read between steps cannot begin its chain of accesses. */
  test.each([0, 32])('register %i has no proof, with or without reads between steps', (register) => {
    const code = [copy(b.imm(5), into.reg(register)), publish(b.reg(register))]
    expect(outcomeOf({ code }).reasons).toEqual(['bus memory'])
    for (const prev_mem_step of [0, 1, 6])
      expect(
        outcomeOf({ code }, { reads: [{ sel: 1, register, mem_step: 2, prev_mem_step, 'value[0]': 5 }] }).reasons,
      ).toContain('bus memory')
  })

  test('two reads between steps do not make a chain of their own', () => {
    const pair = [
      { sel: 1, register: 7, prev_mem_step: 10, mem_step: 20, 'value[0]': 9 },
      { sel: 1, register: 7, prev_mem_step: 20, mem_step: 10, 'value[0]': 9 },
    ]
    expect(outcomeOf({ code: [publish(b.imm(1))] }, { reads: pair }).reasons).toEqual(['bus range 0..65535'])
  })
})

/** Constraints that no false run needs broken, each once per constraint. */
const REVIEWED: readonly (readonly [rule: string, reason: string])[] = [
  [BIT, 'a_src_mem: see the test below'],
  [BIT, 'a_src_reg: see the test below'],
  [BIT, 'b_src_mem: see the test below'],
  [BIT, 'b_src_ind: see the test below'],
  [BIT, 'b_src_reg: see the test below'],
  [BIT, 'store_ind: see the test below'],
  [BIT, 'store_reg: see the test below'],
  [BIT, 'is_external_op: other than 0 and 1 the rules of both internal operations hold, and no machine proves those'],
  [SEL, 'a comes from one source in every program that validateRom accepts'],
  [SEL, 'b comes from one source in every program that validateRom accepts'],
  [SEL, 'the result goes to one place in every program that validateRom accepts'],
  [
    'flag * (1 - flag) === 0',
    'the rules of internal operations and the machines of today leave nothing else; kept for those to come',
  ],
  [SEL, 'is_last_segment: the continuation has no other value than 0 and 1'],
]

test('every constraint of Main, RegisterReads and Rom has a story or a reason, once for each time it is there', () => {
  const counts = (texts: readonly string[]): Readonly<Record<string, number>> => {
    const found: Record<string, number> = {}
    for (const text of texts.toSorted()) found[text] = (found[text] ?? 0) + 1
    return found
  }
  const constraints = ['Main', 'RegisterReads', 'Rom'].flatMap((name) => {
    const air = program.airGroups[0]!.airs.find((candidate) => candidate.name === name)!
    const stages = nodeStages(program, air, air.expressions)
    return air.constraints.filter(({ expression }) => stages[expression]! < 2).map(({ label }) => label)
  })
  const stories = Object.values(STORIES).flat()
  // Two stories tell of loads and stores that are relative to more than 32 bits.
  const told = stories.filter(({ rule, what }) => !rule.startsWith('bus ') && !what.startsWith('a store relative'))
  expect(counts([...told, ...REVIEWED.map(([rule]) => ({ rule }))].map(({ rule }) => rule))).toEqual(
    counts(constraints),
  )
})

test('every use of a bus by Main, RegisterReads and Rom has a story', () => {
  const uses = ['Main', 'RegisterReads', 'Rom'].flatMap((name) => {
    const air = program.airGroups[0]!.airs.find((candidate) => candidate.name === name)!
    return busTerms(program, air).map((term) => `${term.name} ${term.scope}`)
  })
  const rules = new Set(Object.values(STORIES).flatMap((stories) => stories.map(({ rule }) => rule)))
  expect([...new Set(uses)].filter((use) => !rules.has(`bus ${use.replace(/ (row|instance)$/, '')}`))).toEqual([])
})

/**
 * The bits that say where operands come from and the result goes: with one of them not a bit, the sum of its group still
 * is. What such a row does to the register of its group is lost or made up in every instruction that a program can have,
 * always in the same direction, so that the accesses of a run cannot add up.
 */
describe('bits without a rule of their own', () => {
  const GROUPS: readonly (readonly Bit[])[] = [
    ['a_src_mem', 'a_src_reg'],
    ['b_src_mem', 'b_src_ind', 'b_src_reg'],
    ['store_mem', 'store_ind', 'store_reg'],
  ]
  const valid = new Set(
    OPCODES.flatMap(({ code }) =>
      [0, FLAG.A_IMM, FLAG.A_MEM, FLAG.A_REG].flatMap((from) =>
        [0, FLAG.B_IMM, FLAG.B_MEM, FLAG.B_IND, FLAG.B_REG].flatMap((other) =>
          [0, FLAG.STORE_MEM, FLAG.STORE_IND, FLAG.STORE_REG].flatMap((to) =>
            [0, FLAG.SET_PC].flatMap((set) =>
              [0, ...(to === 0 ? [] : [FLAG.STORE_PC])].map(
                (link) => operationBits(code) + from + other + to + set + link,
              ),
            ),
          ),
        ),
      ),
    ),
  )
  const named = new Set(BITS_STORIES.map(({ what }) => what.replace(/:.*/, '')))
  const grouped = GROUPS.flatMap((group) => group.filter((bit) => !named.has(bit)).map((bit) => [bit, group] as const))

  test('are all of a group', () => {
    expect(grouped.map(([bit]) => bit).sort()).toEqual(
      REVIEWED.filter(([rule, reason]) => rule === BIT && reason.endsWith('below'))
        .map(([, reason]) => reason.replace(/:.*/, ''))
        .sort(),
    )
  })

  test.each(grouped)('%s', (bit, group) => {
    const rest = Object.keys(BITS).filter((name) => name !== bit) as Bit[]
    const effects = new Set<number>()
    for (let choice = 0; choice < 2 ** rest.length; choice++) {
      const set = new Set(rest.filter((_, i) => (choice >> i) & 1))
      const others = group.filter((name) => set.has(name)).length
      const flags = FLAG.ONE + [...set].reduce((sum, name) => sum + BITS[name], 0)
      for (const sum of [0, 1]) {
        const value = sum - others
        if (value === 0 || value === 1 || !valid.has(flags + value * BITS[bit])) continue
        const of = (name: Bit): number => (name === bit ? value : set.has(name) ? 1 : 0)
        const register = group.at(-1)!
        const code = group.reduce(
          (total, name) => total + of(name) * (name === register ? 3 : group[0] === 'store_mem' ? 2 : 1),
          0,
        )
        effects.add((sum === 1 && code === 3 ? 1 : 0) - of(register))
      }
    }
    expect([...effects].every((effect) => effect < 0) || [...effects].every((effect) => effect > 0)).toBe(true)
  })
})

function operationBits(op: number): number {
  const { isExternal, isPrecompiled, m32 } = opcodeByCode(op)!
  return FLAG.ONE + (isExternal ? FLAG.EXTERNAL : 0) + (isPrecompiled ? FLAG.PRECOMPILED : 0) + (m32 ? FLAG.M32 : 0)
}
