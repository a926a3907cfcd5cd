/** Stories of runs that publish what their program does not compute, each with the one rule that stands against it. */
import { ADDRESS, OP } from '@zisk/core'
import type { Forgery, Program } from './forge-run.ts'
import { a, b, copy, type Instruction, idle, instruction, into, pcOf, publish } from './instructions.ts'
import { WORD } from './world.ts'

const R1 = 1
const LIMB = 2n ** 32n

/** A program, what a forger makes of its run, and the one rule that stands against it. */
export interface Story {
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
/** Selectors are bits. */
export const SEL = 'sel * (1 - sel) === 0'
/** Columns of Main that are bits of the instruction are bits. */
export const BIT = 'ROM_BITS[i] * (1 - ROM_BITS[i]) === 0'
const five = copy(b.imm(5), into.reg(R1))
const loadsWord = [copy(b.mem(WORD), into.reg(R1)), publish(b.reg(R1))]
/** A bit counts twice in the place of the one above it, which leaves an operand, a store or a jump to something else. */
export const BITS_STORIES: readonly Story[] = [
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
    code: [copy(b.imm(FAR)), instruction(OP.COPYB, [a.last, b.ind(0, 8)]), publish(b.last)],
    forgery: {},
    faults: true,
  },
  {
    what: 'a store relative to more than 32 bits',
    rule: INDIRECT,
    code: [copy(b.imm(FAR)), instruction(OP.COPYB, [a.last, b.imm(9), into.ind(0, 8)]), ...loadsWord],
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

/** All of them. */
export const STORIES: Readonly<Record<string, readonly Story[]>> = {
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
