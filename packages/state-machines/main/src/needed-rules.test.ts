/**
 * With one rule of Main, RegisterReads or Rom left out, a program publishes what it does not compute: every story below breaks that rule
 * and no other, in a world in which all operations are true and memory gives what was stored. Rules without a story are
 * named with the reason.
 */
import { busTerms, nodeStages } from '@zisk/air'
import { ADDRESS, FLAG, OP, OPCODES, opcodeByCode } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { type Forgery, outcomeOf, type Program, program } from './testing/forge-run.ts'
import {
  a,
  BITS,
  type Bit,
  b,
  copy,
  type Instruction,
  idle,
  instruction,
  into,
  pcOf,
  publish,
} from './testing/instructions.ts'
import { WORD } from './testing/world.ts'

const R1 = 1
const LIMB = 2n ** 32n

interface Story {
  readonly what: string
  readonly rule: string
  readonly code: readonly Instruction[]
  readonly data?: Program['data']
  readonly forgery: Forgery
  /** The program has no honest run: its step faults. */
  readonly faults?: boolean
}

/** mem_step of an access of a row that is as many steps behind the start. */
const time = (row: number, slot: 0 | 1 | 2): number => 1 + 4 * row + slot
const SEL = 'sel * (1 - sel) === 0'
const BIT = 'ROM_BITS[i] * (1 - ROM_BITS[i]) === 0'
const five = copy(b.imm(5), into.reg(R1))
const loadsWord = [copy(b.mem(WORD), into.reg(R1)), publish(b.reg(R1))]
/** A bit counts twice in the place of the one above it, which leaves an operand, a store or a jump to something else. */
const BITS_STORIES: readonly Story[] = [
  {
    what: 'a_src_imm: an operand from memory is its address, which was the last result',
    rule: BIT,
    code: [copy(b.imm(WORD)), instruction(OP.ADD, [a.mem(WORD), b.imm(0), into.reg(R1)]), publish(b.reg(R1))],
    forgery: { rows: { 1: { a_src_mem: 0, a_src_imm: 2 } } },
  },
  {
    what: 'is_precompiled: an immediate operand is the last result',
    rule: BIT,
    code: [copy(b.imm(7)), five, publish(b.reg(R1))],
    forgery: { rows: { 1: { b_src_imm: 0, is_precompiled: 2 } } },
  },
  {
    what: 'b_src_imm: an operand from memory is its address',
    rule: BIT,
    code: [copy(b.imm(WORD)), ...loadsWord],
    forgery: { rows: { 1: { b_src_mem: 0, b_src_imm: 2 } } },
  },
  {
    what: 'store_pc: nothing is stored',
    rule: BIT,
    code: [copy(b.imm(9), into.mem(WORD)), ...loadsWord],
    forgery: { rows: { 0: { store_mem: 0, store_pc: 2 } } },
  },
  {
    what: 'store_mem: nothing is stored',
    rule: BIT,
    code: [copy(b.imm(9), into.mem(WORD)), ...loadsWord],
    forgery: { rows: { 0: { store_mem: -1, store_ind: 1 }, 1: { 'b[0]': 0 } } },
  },
  {
    what: 'set_pc: an instruction on 32 bits jumps',
    rule: BIT,
    code: [
      instruction(OP.ADD_W, [a.imm(ADDRESS.romEntry + 2), b.imm(0), { bits: ['m32'] }]),
      publish(b.imm(1)),
      publish(b.imm(2)),
    ],
    forgery: { rows: { 0: { m32: 0, set_pc: 2 } } },
  },
  {
    what: 'm32: a load gives the last result',
    rule: BIT,
    code: [copy(b.imm(5)), instruction(OP.COPYB, [a.imm(WORD), b.ind(0, 8), into.reg(R1)]), publish(b.reg(R1))],
    forgery: { rows: { 1: { b_src_ind: 0, m32: 2 } } },
  },
]

const STEP_BITS: readonly Story[] = [
  {
    what: 'an instruction that the program does not have',
    rule: 'bus rom',
    code: [five, publish(b.reg(R1))],
    forgery: { rows: { 0: { b_offset_imm0: 6 } } },
  },
]

/** A store, and behind the end of the segment a load. */
const LATE_LOAD = [...idle(1000), copy(b.imm(9), into.mem(WORD)), ...idle(100), copy(b.mem(WORD)), publish(b.last)]
const TIME: readonly Story[] = [
  {
    what: 'a segment that starts in the past: its load comes before the store',
    rule: 'L1 * (step - first_step) === 0',
    code: LATE_LOAD,
    forgery: { rows: { 1024: { step: 1 }, 1101: { 'b[0]': 0 } } },
  },
  {
    what: 'a step in the past: its load comes before the store',
    rule: "(1 - LAST) * (step' - step - 1) === 0",
    code: [copy(b.imm(9), into.mem(WORD)), copy(b.mem(WORD)), publish(b.last)],
    forgery: { rows: { 1: { step: 0, 'b[0]': 0 } } },
  },
  {
    what: 'a segment that goes on in the past',
    rule: 'LAST * (next_step - step - 1) === 0',
    code: LATE_LOAD,
    forgery: { rows: { 1101: { 'b[0]': 0 } }, segments: { 0: { next_step: 1 } } },
  },
]

const LIMBS = [0, 1] as const
const OPERANDS: readonly Story[] = LIMBS.flatMap((limb) => [
  {
    what: `another last result, limb ${limb} of a`,
    rule: 'a_src_c * (a[i] - previous_c) === 0',
    code: [copy(b.imm(5)), instruction(OP.ADD, [a.last, b.imm(0)]), publish(b.last)],
    forgery: { rows: { 1: { [`a[${limb}]`]: 6 } } },
  },
  {
    what: `another last result, limb ${limb} of b`,
    rule: 'b_src_c * (b[i] - previous_c) === 0',
    code: [copy(b.imm(5)), publish(b.last)],
    forgery: { rows: { 1: { [`b[${limb}]`]: 6 } } },
  },
  {
    what: `another immediate, limb ${limb} of a`,
    rule: 'a_src_imm * (a[i] - a_imm[i]) === 0',
    code: [instruction(OP.ADD, [a.imm(5), b.imm(0)]), publish(b.last)],
    forgery: { rows: { 0: { [`a[${limb}]`]: 6 } } },
  },
  {
    what: `another immediate, limb ${limb} of b`,
    rule: 'b_src_imm * (b[i] - b_imm[i]) === 0',
    code: [publish(b.imm(5))],
    forgery: { rows: { 0: { [`b[${limb}]`]: 6 } } },
  },
])

/** A jump, if there is one, leaves the first publication out. */
const publishTwo = [publish(b.imm(1)), publish(b.imm(2))]
const OPERATION: readonly Story[] = [
  ...LIMBS.flatMap((limb) => [
    {
      what: `a result of the operation flag, limb ${limb}`,
      rule: '(1 - is_external_op) * (1 - op) * c[i] === 0',
      code: [instruction(OP.FLAG, []), publish(b.last)],
      forgery: { rows: { 0: { [`c[${limb}]`]: 5 } } },
    },
    {
      what: `a copy of something else, limb ${limb}`,
      rule: '(1 - is_external_op) * op * (b[i] - c[i]) === 0',
      code: [copy(b.imm(5)), publish(b.last)],
      forgery: { rows: { 0: { [`c[${limb}]`]: 6 } } },
    },
  ]),
  {
    what: 'a jump that is not made',
    rule: '(1 - is_external_op) * (1 - op) * (1 - flag) === 0',
    code: [instruction(OP.FLAG, [], 2), ...publishTwo],
    forgery: { rows: { 0: { flag: 0 } } },
  },
  {
    what: 'a copy that jumps',
    rule: '(1 - is_external_op) * op * flag === 0',
    code: [instruction(OP.COPYB, [b.imm(0)], 2), ...publishTwo],
    forgery: { rows: { 0: { flag: 1 } } },
  },
  {
    what: 'a wrong sum',
    rule: 'bus operation',
    code: [instruction(OP.ADD, [a.imm(1), b.imm(1)]), publish(b.last)],
    forgery: { rows: { 0: { 'c[0]': 3 } } },
  },
]

const INDIRECT = '(store_ind + b_src_ind) * a[1] === 0'
const FAR = LIMB + BigInt(WORD)
const MEMORY: readonly Story[] = [
  {
    what: 'a load relative to more than 32 bits',
    rule: INDIRECT,
    code: [instruction(OP.COPYB, [a.imm(FAR), b.ind(0, 8)]), publish(b.last)],
    forgery: {},
    faults: true,
  },
  {
    what: 'a store relative to more than 32 bits',
    rule: INDIRECT,
    code: [instruction(OP.COPYB, [a.imm(FAR), b.imm(9), into.ind(0, 8)]), ...loadsWord],
    forgery: {},
    faults: true,
  },
  {
    what: 'operand a is not what memory has',
    rule: 'bus memory',
    code: [instruction(OP.ADD, [a.mem(WORD), b.imm(0)]), publish(b.last)],
    forgery: { rows: { 0: { 'a[0]': 5 } } },
  },
  {
    what: 'operand b is not what memory has',
    rule: 'bus memory',
    code: [copy(b.mem(WORD)), publish(b.last)],
    forgery: { rows: { 0: { 'b[0]': 5 } } },
  },
  {
    what: 'a load of a byte gives more',
    rule: 'bus memory',
    code: [instruction(OP.COPYB, [a.imm(WORD), b.ind(3, 1)]), publish(b.last)],
    data: [{ address: WORD, words: [0x1122_3344_5566_7788n, 0n, 0n, 0n] }],
    forgery: { rows: { 0: { 'b[0]': 0x4455 } } },
  },
  {
    what: 'a store that is not made',
    rule: 'bus memory',
    code: [copy(b.imm(9), into.mem(WORD)), ...loadsWord],
    forgery: { rows: { 1: { 'b[0]': 0 } } },
  },
]

const LOW = 'bus range 0..65535'
/** A register is read before it is stored to, and seems to hold what comes: its accesses are linked in another order. */
const FUTURE_READS: readonly Story[] = [
  {
    what: 'operand a from the future',
    rule: LOW,
    code: [instruction(OP.ADD, [a.reg(R1), b.imm(0)]), publish(b.last), five],
    forgery: {
      rows: {
        0: { 'a[0]': 5, a_reg_prev_mem_step: time(2, 2) },
        2: { store_reg_prev_mem_step: 0, 'store_reg_prev_value[0]': 0 },
      },
      segments: { 0: { 'last_reg_mem_step[0]': time(0, 0) } },
    },
  },
  {
    what: 'operand b from the future',
    rule: LOW,
    code: [publish(b.reg(R1)), five],
    forgery: {
      rows: {
        0: { 'b[0]': 5, b_reg_prev_mem_step: time(1, 2) },
        1: { store_reg_prev_mem_step: 0, 'store_reg_prev_value[0]': 0 },
      },
      segments: { 0: { 'last_reg_mem_step[0]': time(0, 1) } },
    },
  },
  {
    what: 'a store after the one that follows it',
    rule: LOW,
    code: [copy(b.imm(1), into.reg(R1)), copy(b.imm(2), into.reg(R1)), publish(b.reg(R1))],
    forgery: {
      rows: {
        0: { store_reg_prev_mem_step: time(1, 2), 'store_reg_prev_value[0]': 2 },
        1: { store_reg_prev_mem_step: 0, 'store_reg_prev_value[0]': 0 },
        2: { 'b[0]': 1, b_reg_prev_mem_step: time(0, 2) },
      },
    },
  },
]

/** A register is read at the start of the second segment and then stored to. */
const endOf = (register: number): Story => {
  const at = (name: string) => `${name}[${register - 1}]`
  return {
    what: `the end of a segment, register ${register}: it takes over from the future`,
    rule: LOW,
    code: [
      copy(b.imm(1), into.reg(register)),
      ...idle(1030),
      publish(b.reg(register)),
      copy(b.imm(2), into.reg(register)),
    ],
    forgery: {
      rows: { 1032: { store_reg_prev_mem_step: time(0, 2), 'store_reg_prev_value[0]': 1 } },
      segments: {
        0: { [at('last_reg_mem_step')]: time(1032, 2), [`${at('last_reg_value')}[0]`]: 2 },
        1: { [at('last_reg_mem_step')]: time(1031, 1) },
      },
    },
  }
}

/** The register is read at 10, between two steps; a step after that reads 5 before it is stored. */
const READ = { sel: 1, register: R1, mem_step: 10, 'value[0]': 5 }
const readEarly = {
  code: [...idle(4), publish(b.reg(R1)), five],
  rows: {
    4: { 'b[0]': 5, b_reg_prev_mem_step: 10 },
    5: { store_reg_prev_mem_step: 0, 'store_reg_prev_value[0]': 0 },
  },
  segments: { 0: { 'last_reg_mem_step[0]': time(4, 1) } },
}

const REGISTERS: readonly Story[] = [
  {
    what: 'registers start at 0',
    rule: 'bus memory',
    code: [publish(b.reg(R1))],
    forgery: { rows: { 0: { 'b[0]': 5 } } },
  },
  {
    what: 'operand a is not what the register has',
    rule: 'bus memory',
    code: [five, instruction(OP.ADD, [a.reg(R1), b.imm(0)]), publish(b.last)],
    forgery: { rows: { 1: { 'a[0]': 6 } } },
  },
  {
    what: 'operand b is not what the register has',
    rule: 'bus memory',
    code: [five, publish(b.reg(R1))],
    forgery: { rows: { 1: { 'b[0]': 6 } } },
  },
  {
    what: 'a store that is passed over',
    rule: 'bus memory',
    code: [copy(b.imm(1), into.reg(R1)), copy(b.imm(2), into.reg(R1)), publish(b.reg(R1))],
    forgery: { rows: { 2: { 'b[0]': 1, b_reg_prev_mem_step: time(0, 2) } } },
  },
  {
    what: 'another value at the end of a segment',
    rule: 'bus memory',
    code: [five, ...idle(1030), publish(b.reg(R1))],
    forgery: { segments: { 0: { 'last_reg_value[0][0]': 6 } } },
  },
  {
    what: 'another value in a read between steps',
    rule: 'bus memory',
    code: [five, ...idle(4), publish(b.reg(R1))],
    forgery: {
      rows: { 5: { 'b[0]': 6, b_reg_prev_mem_step: 10 } },
      reads: [{ ...READ, prev_mem_step: time(0, 2), 'value[0]': 6 }],
    },
  },
  ...FUTURE_READS,
  ...[1, 31].map(endOf),
  {
    what: 'a read between steps that takes over from the future',
    rule: LOW,
    code: readEarly.code,
    forgery: { ...readEarly, reads: [{ ...READ, prev_mem_step: time(5, 2) }] },
  },
  {
    what: 'a read between steps that counts backwards',
    rule: SEL,
    code: readEarly.code,
    forgery: { ...readEarly, reads: [{ ...READ, sel: -1, prev_mem_step: 10, mem_step: time(5, 2) }] },
  },
]

const JUMPS: readonly Story[] = [
  {
    what: 'a jump to a result with the flag set',
    rule: 'flag * set_pc === 0',
    code: [
      // The rest of 2 by 0 is 2, with the flag: 2 + 2 * jmp_offset1 - jmp_offset2 leads to instruction 2.
      instruction(OP.REMU, [
        a.imm(2),
        b.imm(0),
        { bits: ['set_pc'], fields: { jmp_offset1: (pcOf(2) - 2 + pcOf(1) - ADDRESS.romEntry) / 2 } },
      ]),
      ...publishTwo,
    ],
    forgery: {},
    faults: true,
  },
  {
    what: 'a jump to more than 32 bits',
    rule: 'set_pc * c[1] === 0',
    code: [
      instruction(OP.COPYB, [b.imm(LIMB + BigInt(pcOf(2))), { bits: ['set_pc'], fields: { jmp_offset1: 0 } }]),
      ...publishTwo,
    ],
    forgery: {},
    faults: true,
  },
  {
    what: 'a jump that the program does not make',
    rule: "(1 - LAST) * (pc' - next_pc) === 0",
    code: [copy(b.imm(0)), ...publishTwo],
    forgery: { rows: { 1: { pc: pcOf(2) } } },
  },
]

const PREVIOUS = 'segment_previous_c'
/** Behind the end of the first segment the last result is published, then 1. */
const ACROSS = [...idle(1023), copy(b.imm(5)), publish(b.last), publish(b.imm(1))]
const CONTINUATION = 'bus main continuation'
const SEGMENTS: readonly Story[] = [
  {
    what: 'a segment that starts elsewhere than it says',
    rule: 'L1 * (segment_initial_pc - pc) === 0',
    code: [copy(b.imm(0)), ...publishTwo],
    forgery: { rows: { 0: { pc: pcOf(2) } } },
  },
  {
    what: 'a run that ends before it is done',
    rule: 'LAST * (segment_next_pc - next_pc) === 0',
    code: [...idle(1100), publish(b.imm(1))],
    forgery: { segmentCount: 1, segments: { 0: { segment_next_pc: ADDRESS.romExit } } },
  },
  ...LIMBS.flatMap((limb): Story[] => [
    {
      what: `another result for the next segment, limb ${limb}`,
      rule: 'LAST * (segment_last_c[i] - c[i]) === 0',
      code: ACROSS,
      forgery: { segments: { 0: { [`segment_last_c[${limb}]`]: 6 } } },
    },
    {
      what: `another result from the segment before, limb ${limb}`,
      rule: CONTINUATION,
      code: ACROSS,
      forgery: { rows: { 1024: { [`b[${limb}]`]: 6 } }, segments: { 1: { [`${PREVIOUS}[${limb}]`]: 6 } } },
    },
  ]),
  {
    what: 'a segment that does not go on where the one before ended',
    rule: CONTINUATION,
    code: ACROSS,
    forgery: { rows: { 1024: { pc: pcOf(1025) } }, segments: { 1: { segment_initial_pc: pcOf(1025) } } },
  },
  {
    what: 'a segment at another time than the end of the one before',
    rule: CONTINUATION,
    code: LATE_LOAD,
    forgery: { rows: { 1024: { step: 1 }, 1101: { 'b[0]': 0 } }, segments: { 1: { first_step: 1 } } },
  },
  {
    what: 'a run that starts elsewhere',
    rule: CONTINUATION,
    code: [copy(b.imm(0)), ...publishTwo],
    forgery: { rows: { 0: { pc: pcOf(2) } }, segments: { 0: { segment_initial_pc: pcOf(2) } } },
  },
  {
    what: 'a run that ends elsewhere',
    rule: CONTINUATION,
    code: [...idle(1100), publish(b.imm(1))],
    forgery: { segmentCount: 1 },
  },
]

const DATA = [{ address: WORD, words: [5n, 6n, 7n, 8n] }]
const ROM: readonly Story[] = [
  {
    what: 'a line of data that is left out',
    rule: 'is_data * (MEM_OP_ROM_INIT - flags) * (1 - multiplicity) === 0',
    code: [copy(b.mem(WORD)), publish(b.last)],
    data: DATA,
    forgery: { rows: { 0: { 'b[0]': 0 } }, rom: { 3: 0 } },
  },
  ...[0, 1, 2, 3].map((word) => ({
    what: `word ${word} of a line of data that is left out`,
    rule: 'bus memory',
    code: [copy(b.mem(WORD + 8 * word)), publish(b.last)],
    data: DATA,
    forgery: { rows: { 0: { 'b[0]': 0 } } },
  })),
]

const STORIES: Readonly<Record<string, readonly Story[]>> = {
  bits: BITS_STORIES,
  program: STEP_BITS,
  time: TIME,
  operands: OPERANDS,
  operation: OPERATION,
  memory: MEMORY,
  registers: REGISTERS,
  jumps: JUMPS,
  segments: SEGMENTS,
  rom: ROM,
}

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
  ['flag * (1 - flag) === 0', 'the rules of internal operations and the machines of the others leave nothing else'],
  ['is_last_segment * (1 - is_last_segment) === 0', 'the continuation has no other value than 0 and 1'],
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
