/** Stories of memories that no run can have, each with the one rule that stands against it. */

import type { AirInstance } from '@zisk/air'
import { MEMORY_MAPS } from '@zisk/core'
import { inv, P } from '@zisk/field'
import { type ForgedSegment, forgeSegments } from './forge-rows.ts'
import { type Access, askFor } from './memory-witness.ts'

/** A memory machine. */
export type Air = Parameters<typeof forgeSegments>[0]

/** What is asked for, and the rows that serve it; the rule is the only thing in their way. */
export interface Story {
  readonly rule: string
  readonly asked: readonly Access[]
  readonly init?: readonly (readonly [word: number, value: bigint])[]
  readonly segments: readonly ForgedSegment[]
}

const RANGE = 'bus range 0..65535'

/** One segment. */
const rows = (...list: ForgedSegment['rows']): readonly ForgedSegment[] => [{ rows: list }]

const { ram } = MEMORY_MAPS['v0.18']
const RAM = ram.start / 8
const RAM_END = RAM + ram.size / 8
const write = (step: number, value: number) => ({ step, wr: 1, sel: 1, 'value[0]': value })
const read = (step: number) => ({ step, sel: 1 })
const AT_RAM = { addr: RAM }
/** 9 at 100, 5 at 50, and 120 gives the 5. */
const TIME_TRAVEL: readonly Access[] = [
  [RAM, 100, 'w', 9n],
  [RAM, 50, 'w', 5n],
  [RAM, 120, 'r', 5n],
]
const MEM: readonly Story[] = [
  {
    rule: 'same_addr * (1 - same_addr) === 0',
    asked: TIME_TRAVEL,
    segments: rows({ ...AT_RAM, ...write(100, 9) }, { ...write(50, 5), same_addr: inv(P - 50n) }, read(120)),
  },
  {
    rule: '(1 - sel_dual) * (step_dual - step) === 0',
    asked: TIME_TRAVEL,
    segments: rows({ ...AT_RAM, ...write(100, 9), step_dual: 20 }, write(50, 5), read(120)),
  },
  {
    rule: 'L1 * sel === 0',
    asked: [
      [RAM, 40, 'w', 7n],
      [RAM, 100, 'w', 0n],
      [RAM, 50, 'r', 0n],
      [RAM, 100, 'r', 0n],
    ],
    segments: [
      { rows: [{ ...AT_RAM, ...write(40, 7) }, write(100, 0)] },
      { rows: [], first: { step: 50, wr: 0, sel: 1, sel_dual: 1 } },
    ],
  },
  {
    rule: 'L1 * (addr - previous_addr) === 0',
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM + 5, 120, 'r', 9n],
    ],
    segments: [{ rows: [{ ...AT_RAM, ...write(100, 9) }] }, { rows: [read(120)], first: { addr: RAM + 5 } }],
  },
  {
    rule: 'L1 * (step_dual - previous_step) === 0',
    asked: TIME_TRAVEL,
    segments: [
      { rows: [{ ...AT_RAM, ...write(100, 9) }] },
      { rows: [write(50, 5), read(120)], first: { step_dual: 20 } },
    ],
  },
  {
    rule: 'L1 * (value[i] - previous_value[i]) === 0',
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 120, 'r', 6n],
    ],
    segments: [{ rows: [{ ...AT_RAM, ...write(100, 9) }] }, { rows: [read(120)], first: { 'value[0]': 6 } }],
  },
  {
    rule: '(1 - L1) * wr * (1 - sel) === 0',
    asked: [[RAM, 120, 'r', 9n]],
    segments: rows({ ...AT_RAM, ...write(100, 9), sel: 0 }, read(120)),
  },
  {
    rule: "is_first_segment * L1 * same_addr' === 0",
    asked: [[RAM - 1, 7, 'r', 0n]],
    segments: rows(read(7)),
  },
  {
    rule: "same_addr * (addr - 'addr) === 0",
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM + 1, 120, 'r', 9n],
    ],
    segments: rows({ ...AT_RAM, ...write(100, 9) }, { addr: RAM + 1, ...read(120), same_addr: 1 }),
  },
  {
    rule: "same_addr * (1 - wr) * (value[i] - 'value[i]) === 0",
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 120, 'r', 6n],
    ],
    segments: rows({ ...AT_RAM, ...write(100, 9) }, { ...read(120), 'value[0]': 6 }),
  },
  {
    rule: '(1 - same_addr) * (1 - wr) * value[i] === 0',
    asked: [[RAM, 100, 'r', 5n]],
    segments: rows({ ...AT_RAM, ...read(100), 'value[0]': 5 }),
  },
  {
    rule: '(1 - L1) * (distance - 2**16 * high - low) === 0',
    asked: TIME_TRAVEL,
    segments: rows({ ...AT_RAM, ...write(100, 9) }, { ...write(50, 5), low: 0, high: 0 }, read(120)),
  },
  {
    // low
    rule: RANGE,
    asked: TIME_TRAVEL,
    segments: rows({ ...AT_RAM, ...write(100, 9) }, write(50, 5), read(120)),
  },
  {
    // high
    rule: RANGE,
    asked: TIME_TRAVEL,
    segments: rows(
      { ...AT_RAM, ...write(100, 9) },
      { ...write(50, 5), low: 0, high: P - ((51n * inv(2n ** 16n)) % P) },
      read(120),
    ),
  },
  {
    // step_dual - step - wr
    rule: RANGE,
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 50, 'r', 9n],
      [RAM, 120, 'r', 9n],
    ],
    segments: rows({ ...AT_RAM, ...write(100, 9), sel_dual: 1, step_dual: 50 }, read(120)),
  },
  {
    // A read in the time of a write that comes after it.
    rule: RANGE,
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 100, 'w', 5n],
    ],
    segments: rows({ ...AT_RAM, ...write(100, 9) }, write(100, 5)),
  },
  {
    rule: 'bus memory',
    asked: [[RAM, 100, 'r', 9n]],
    segments: rows({ ...AT_RAM, step: 100 }),
  },
  {
    rule: 'LAST * (addr - last_addr) === 0',
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM + 5, 120, 'r', 9n],
    ],
    segments: [{ rows: [{ ...AT_RAM, ...write(100, 9) }], airValues: { last_addr: RAM + 5 } }, { rows: [read(120)] }],
  },
  {
    rule: 'LAST * (step_dual - last_step) === 0',
    asked: TIME_TRAVEL,
    segments: [
      { rows: [{ ...AT_RAM, ...write(100, 9) }], airValues: { last_step: 20 } },
      { rows: [write(50, 5), read(120)] },
    ],
  },
  {
    rule: 'LAST * (value[i] - last_value[i]) === 0',
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 120, 'r', 6n],
    ],
    segments: [{ rows: [{ ...AT_RAM, ...write(100, 9) }], airValues: { 'last_value[0]': 6 } }, { rows: [read(120)] }],
  },
  {
    // first_word + bytes / 8 - 1 - last_addr
    rule: RANGE,
    asked: [[RAM_END, 7, 'w', 9n]],
    segments: rows({ addr: RAM_END, ...write(7, 9) }),
  },
  {
    // A store below RAM, where a stack that overflows arrives: addr - 'addr - 1
    rule: RANGE,
    asked: [[RAM - 1, 7, 'w', 9n]],
    segments: rows({ addr: RAM - 1, ...write(7, 9), same_addr: 0 }),
  },
  {
    rule: RANGE,
    asked: [[RAM - 2, 7, 'w', 9n]],
    segments: rows({ addr: RAM - 2, ...write(7, 9) }),
  },
  {
    rule: 'bus memory continuation',
    asked: [
      [RAM, 100, 'w', 9n],
      [RAM, 120, 'r', 6n],
    ],
    segments: [
      { rows: [{ ...AT_RAM, ...write(100, 9) }] },
      { rows: [read(120)], airValues: { 'previous_value[0]': 6 }, first: { 'value[0]': 6 } },
    ],
  },
]

const ROM = 0x8000_0000 / 8
const DEFINED = { addr: ROM, init: 1, sel: 1, 'value[0]': 4 }
const ROM_DATA: readonly Story[] = [
  {
    rule: 'init * (1 - sel) === 0',
    asked: [[ROM + 7, 9, 'r', 1n]],
    segments: rows({ addr: ROM + 7, init: 1, 'value[0]': 1 }, read(9)),
  },
  {
    rule: "(1 - init) * (addr - L1 * (previous_addr - 'addr) - 'addr) === 0",
    asked: [[ROM + 1, 9, 'r', 4n]],
    init: [[ROM, 4n]],
    segments: rows(DEFINED, { addr: ROM + 1, ...read(9) }),
  },
  {
    rule: "(1 - init) * (value[i] - L1 * (previous_value[i] - 'value[i]) - 'value[i]) === 0",
    asked: [[ROM, 9, 'r', 5n]],
    init: [[ROM, 4n]],
    segments: rows(DEFINED, { ...read(9), 'value[0]': 5 }),
  },
  {
    rule: 'is_first_segment * L1 * (1 - init) === 0',
    asked: [[ROM - 1, 9, 'r', 0n]],
    segments: rows(read(9)),
  },
  {
    rule: 'bus memory',
    asked: [[ROM, 9, 'r', 4n]],
    init: [],
    segments: rows(DEFINED, read(9)),
  },
  {
    rule: 'LAST * (addr - last_addr) === 0',
    asked: [[ROM + 1, 9, 'r', 4n]],
    init: [[ROM, 4n]],
    segments: [{ rows: [DEFINED], airValues: { last_addr: ROM + 1 } }, { rows: [read(9)] }],
  },
  {
    rule: 'LAST * (value[i] - last_value[i]) === 0',
    asked: [[ROM, 9, 'r', 5n]],
    init: [[ROM, 4n]],
    segments: [{ rows: [DEFINED], airValues: { 'last_value[0]': 5 } }, { rows: [read(9)] }],
  },
  {
    rule: 'bus memory continuation',
    asked: [[ROM, 9, 'r', 5n]],
    init: [[ROM, 4n]],
    segments: [{ rows: [DEFINED] }, { rows: [{ ...read(9), 'value[0]': 5 }], airValues: { 'previous_value[0]': 5 } }],
  },
]

const INPUT = 0x4000_0000 / 8
const part = (step: number, value: number) => ({ step, sel: 1, 'part[0]': value })
const TWO_VALUES: readonly Access[] = [
  [INPUT + 3, 9, 'r', 1n],
  [INPUT + 3, 13, 'r', 2n],
]
/** From the start of the input to its last word, before ROM, as far as a row may be from the row before. */
const TO_ROM = Array.from({ length: 2048 }, (_, i) => ({
  addr: INPUT - 1 + (i + 1) * 2 ** 16,
  ...(i === 2047 ? part(9, 1) : {}),
}))
const INPUT_DATA: readonly Story[] = [
  {
    rule: 'is_free * (addr - first_word) === 0',
    asked: TWO_VALUES,
    segments: rows({ addr: INPUT + 3, ...part(9, 1) }, { ...part(13, 2), is_free: 1 }),
  },
  {
    rule: 'L1 * sel === 0',
    asked: [[INPUT - 1, 9, 'r', 0n]],
    segments: [{ rows: [{ addr: INPUT }], first: { step: 9, sel: 1 } }],
  },
  {
    rule: 'L1 * (addr - previous_addr) === 0',
    asked: TWO_VALUES,
    segments: [
      { rows: [{ addr: INPUT + 3, ...part(9, 1) }] },
      { rows: [{ addr: INPUT + 3, ...part(13, 2) }], first: { addr: INPUT + 2 } },
    ],
  },
  {
    rule: "is_first_segment * L1 * same_addr' === 0",
    asked: [[INPUT - 1, 9, 'r', 0n]],
    segments: rows(part(9, 0)),
  },
  {
    rule: "same_addr * (addr - 'addr) === 0",
    asked: TWO_VALUES,
    segments: rows(
      { addr: INPUT + 3, ...part(9, 1) },
      { addr: INPUT + 4, 'part[0]': 2 },
      { addr: INPUT + 3, ...part(13, 2), same_addr: 1 },
    ),
  },
  {
    rule: 'L1 * (part[i] - previous_part[i]) === 0',
    asked: TWO_VALUES,
    segments: [{ rows: [{ addr: INPUT + 3, ...part(9, 1) }] }, { rows: [part(13, 2)], first: { 'part[0]': 2 } }],
  },
  {
    rule: "same_addr * (1 - is_free) * (part[i] - 'part[i]) === 0",
    asked: TWO_VALUES,
    segments: rows({ addr: INPUT + 3, ...part(9, 1) }, part(13, 2)),
  },
  {
    // A limb of 33 bits.
    rule: RANGE,
    asked: [[INPUT + 3, 9, 'r', 2n ** 64n]],
    segments: rows({ addr: INPUT + 3, step: 9, sel: 1, 'part[3]': 2 ** 16 }),
  },
  {
    // first_word + words - 1 - last_addr: a read across 0x8000_0000 would have a proof.
    rule: RANGE,
    asked: [[ROM - 1, 9, 'r', 1n]],
    segments: [0, 1023, 2046].map((from) => ({ rows: TO_ROM.slice(from, from + 1023) })),
  },
  {
    // addr - 'addr - 1
    rule: RANGE,
    asked: TWO_VALUES,
    segments: rows(
      { addr: INPUT + 3, ...part(9, 1) },
      { addr: INPUT + 4 },
      { addr: INPUT + 3, ...part(13, 2), same_addr: 0 },
    ),
  },
  {
    rule: 'bus memory',
    asked: [[INPUT + 3, 9, 'r', 1n]],
    segments: rows({ addr: INPUT + 3, step: 9, 'part[0]': 1 }),
  },
  {
    rule: 'LAST * (addr - last_addr) === 0',
    asked: TWO_VALUES,
    segments: [
      { rows: [{ addr: INPUT + 3, ...part(9, 1) }], airValues: { last_addr: INPUT } },
      { rows: [{ addr: INPUT + 3, ...part(13, 2) }] },
    ],
  },
  {
    rule: 'LAST * (part[i] - last_part[i]) === 0',
    asked: TWO_VALUES,
    segments: [
      { rows: [{ addr: INPUT + 3, ...part(9, 1) }], airValues: { 'last_part[0]': 2 } },
      { rows: [part(13, 2)] },
    ],
  },
  {
    rule: 'bus memory continuation',
    asked: TWO_VALUES,
    segments: [
      { rows: [{ addr: INPUT + 3, ...part(9, 1) }] },
      { rows: [part(13, 2)], first: { 'part[0]': 2 }, airValues: { 'previous_part[0]': 2 } },
    ],
  },
]

/** All of them. */
export const STORIES: readonly (readonly [Air, readonly Story[]])[] = [
  ['Mem', MEM],
  ['RomData', ROM_DATA],
  ['InputData', INPUT_DATA],
]

/** The rows of a story, with those that ask for what it tells. */
export function instancesOf(air: Air, { asked, init, segments }: Story): AirInstance[] {
  return [askFor(asked, init), ...forgeSegments(air, segments)]
}
