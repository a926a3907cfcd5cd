import { type AirInstance, columnNamed } from '@zisk/air'
import { MEMORY_MAPS } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { memInstances } from './mem-instances.ts'
import { type Access, accessesOf, askFor, checkMemory, program, reasons } from './testing/memory-witness.ts'

const { start: REGION, size: REGION_BYTES } = MEMORY_MAPS['v0.18'].ram
const WORD = REGION / 8
const LAST_WORD = WORD + REGION_BYTES / 8 - 1

const fill = (list: readonly Access[], maxLogRows?: number) =>
  memInstances(program, accessesOf(list), { region: REGION, maxLogRows })
const check = (list: readonly Access[], maxLogRows?: number) => checkMemory([askFor(list), ...fill(list, maxLogRows)])
/** Changes cells of a column of an instance. */
function set(instance: AirInstance, column: string, row: number, value: bigint): void {
  columnNamed(program, instance, column)[row] = value
}
function airValue(instance: AirInstance, name: string): number {
  return program.airGroups[0]!.airs[instance.air]!.airValues.findIndex((entry) => entry.name === name)
}

const SMALL: readonly Access[] = [
  [WORD, 3, 'w', 7n],
  [WORD, 5, 'r', 7n],
  [WORD + 1, 6, 'r', 0n],
  [WORD, 9, 'r', 7n],
  [LAST_WORD, 11, 'w', 2n ** 64n - 1n],
  [WORD, 15, 'w', 8n],
  [LAST_WORD, 200_000, 'r', 2n ** 64n - 1n],
  [WORD, 200_001, 'r', 8n],
]

describe('honest accesses hold', () => {
  test('of one segment', () => {
    expect(reasons(check(SMALL))).toEqual([])
  })

  test.each([1022, 1023, 1024, 2046, 2047])('%i rows in segments of 2^10', (count) => {
    // Alternating writes: no two accesses share a row.
    const list = Array.from(
      { length: Math.min(count, 1000) },
      (_, i): Access => [WORD + (i % 3), 3 + 4 * i, 'w', BigInt(i)],
    )
    const words = Array.from(
      { length: count - list.length },
      (_, i): Access => [WORD + 10 + i, 5000 + 4 * i, 'w', BigInt(i)],
    )
    const all = [...list, ...words]
    const instances = fill(all, 10)
    expect(instances.length).toBe(Math.ceil(count / 1023))
    const asked = [all.slice(0, 1024), all.slice(1024, 2048)].filter((part) => part.length > 0)
    const askers = asked.map((part, segment) => ({ ...askFor(part), segment }))
    expect(reasons(checkMemory([...askers, ...instances]))).toEqual([])
  })
})

describe('accesses that memory cannot have are refused', () => {
  const FIRST_READ = '(1 - same_addr) * (1 - wr) * value[i] === 0'
  const SAME_VALUE = "same_addr * (1 - wr) * (value[i] - 'value[i]) === 0"
  const DISTANCE = '(1 - L1) * (distance - 2**16 * high - low) === 0'
  const cases: readonly (readonly [string, readonly Access[], string])[] = [
    ['a value in memory that was never written', [[WORD, 1, 'r', 5n]], FIRST_READ],
    [
      'a value from nowhere',
      [
        [WORD, 3, 'w', 5n],
        [WORD, 2 ** 17, 'r', 6n],
      ],
      SAME_VALUE,
    ],
    [
      'a stale value',
      [
        [WORD, 3, 'w', 5n],
        [WORD, 7, 'w', 6n],
        [WORD, 2 ** 17, 'r', 5n],
      ],
      SAME_VALUE,
    ],
    [
      'a stale high limb',
      [
        [WORD, 3, 'w', 2n ** 32n],
        [WORD, 7, 'w', 0n],
        [WORD, 2 ** 20, 'r', 2n ** 32n],
      ],
      SAME_VALUE,
    ],
    [
      'a value from the future',
      [
        [WORD, 3, 'r', 6n],
        [WORD, 7, 'w', 6n],
      ],
      FIRST_READ,
    ],
    [
      'initial data twice',
      [
        [WORD, 0, 'w', 5n],
        [WORD, 0, 'w', 6n],
        [WORD, 5, 'r', 6n],
      ],
      DISTANCE,
    ],
    [
      'two writes at one time',
      [
        [WORD, 7, 'w', 5n],
        [WORD, 7, 'w', 6n],
      ],
      DISTANCE,
    ],
    ['a word below the region', [[WORD - 1, 7, 'r', 0n]], "is_first_segment * L1 * same_addr' === 0"],
    ['a write below the region', [[WORD - 2, 7, 'w', 1n]], DISTANCE],
    ['a write above the region', [[LAST_WORD + 1, 7, 'w', 1n]], 'bus range 0..65535'],
  ]
  test.each(cases)('%s', (_name, list, reason) => {
    expect(reasons(check(list))).toContain(reason)
  })

  test('a read at the time of a write, in one row', () => {
    const report = check([
      [WORD, 7, 'w', 5n],
      [WORD, 7, 'r', 5n],
    ])
    expect(reasons(report)).toContain('bus range 0..65535')
  })
})

describe('forged columns are refused', () => {
  const forge = (change: (instance: AirInstance) => void, list: readonly Access[] = SMALL): readonly string[] => {
    const instances = fill(list)
    change(instances[0]!)
    return reasons(checkMemory([askFor(list), ...instances]))
  }
  const rows = 4 + 2

  test('a write without an instruction', () => {
    // In padding behind the last access, then with an access of its own.
    const silent = forge((mem) => set(mem, 'wr', rows + 2, 1n))
    expect(silent).toContain('(1 - L1) * wr * (1 - sel) === 0')
    const loud = forge((mem) => {
      set(mem, 'wr', rows + 2, 1n)
      set(mem, 'sel', rows + 2, 1n)
    })
    expect(loud).toContain('bus memory')
  })

  test('an access in the carried row', () => {
    expect(forge((mem) => set(mem, 'sel', 0, 1n))).toContain('L1 * sel === 0')
    expect(forge((mem) => set(mem, 'same_addr', 0, 1n))).toContain('L1 * same_addr === 0')
    expect(forge((mem) => set(mem, 'value[0]', 0, 1n))).toContain('L1 * (value[i] - previous_value[i]) === 0')
    expect(forge((mem) => set(mem, 'same_addr', 1, 1n))).toContain("is_first_segment * L1 * same_addr' === 0")
  })

  test.each(['sel', 'sel_dual', 'wr', 'same_addr'])('a selector %s that is no bit', (column) => {
    const [one, two] = [forge((mem) => set(mem, column, 1, 2n)), forge((mem) => set(mem, column, 2, 2n))]
    for (const found of [one, two]) expect(found).toContain(`${column} * (1 - ${column}) === 0`)
  })

  test('a second access without a first', () => {
    expect(forge((mem) => set(mem, 'sel_dual', rows + 2, 1n))).toContain('(1 - sel) * sel_dual === 0')
  })

  test('a bridge over the start of the region', () => {
    const previous = airValue(fill(SMALL)[0]!, 'previous_addr')
    const found = forge((mem) => {
      mem.airValues[previous] = BigInt(WORD - 5)
      set(mem, 'addr', 0, BigInt(WORD - 5))
      set(mem, 'low', 1, 4n)
    })
    expect(found).toContain('bus memory continuation')
    expect(found).toContain('bus range 0..65535')
  })
})

test('a high last segment is cut: the lower one behind it goes on where it ends', () => {
  const list = Array.from({ length: 33_000 }, (_, i): Access => [WORD + i, 3 + 4 * i, 'w', BigInt(i)])
  const askers = Array.from({ length: Math.ceil(list.length / 1024) }, (_, segment) => {
    return { ...askFor(list.slice(1024 * segment, 1024 * (segment + 1))), segment }
  })
  const instances = fill(list)
  expect(instances.map(({ rows }) => Math.log2(rows))).toEqual([15, 10])
  expect(reasons(checkMemory([...askers, ...instances]))).toEqual([])
})

describe('forged segments are refused', () => {
  const list = Array.from({ length: 1500 }, (_, i): Access => [WORD + i, 3 + 4 * i, 'w', BigInt(i)])
  const askers = [list.slice(0, 1024), list.slice(1024)].map((part, segment) => ({ ...askFor(part), segment }))
  const forge = (
    change: (mem: AirInstance[]) => void,
    enabled?: readonly [bigint, bigint, bigint],
  ): readonly string[] => {
    const instances = [...fill(list, 10)]
    change(instances)
    return reasons(checkMemory([...askers, ...instances], enabled))
  }
  const CONTINUATION = 'bus memory continuation'

  test('none changed: they hold', () => {
    expect(forge(() => {})).toEqual([])
  })

  test.each([
    'segment_id',
    'is_first_segment',
    'is_last_segment',
    'previous_addr',
    'previous_step',
    'last_addr',
    'last_step',
  ])('another %s', (name) => {
    for (const segment of [0, 1]) {
      const found = forge((mem) => {
        mem[segment]!.airValues[airValue(mem[segment]!, name)]! ^= 1n
      })
      // Nobody takes over from the last segment: its end is only bound to its last row.
      expect(found.some((reason) => reason === CONTINUATION || reason.startsWith('LAST *'))).toBe(true)
    }
  })

  test('a second timeline', () => {
    const found = forge((mem) => {
      mem[1]!.airValues[airValue(mem[1]!, 'is_first_segment')] = 1n
      mem[1]!.airValues[airValue(mem[1]!, 'segment_id')] = 0n
    })
    expect(found).toContain(CONTINUATION)
    expect(forge(() => {}, [2n, 0n, 0n])).toContain('global_selectors[i] * (1 - global_selectors[i]) === 0')
    expect(forge(() => {}, [0n, 0n, 0n])).toContain(CONTINUATION)
  })

  test('a segment left out, or twice', () => {
    expect(forge((mem) => mem.pop())).toContain(CONTINUATION)
    expect(forge((mem) => mem.push({ ...mem[1]!, segment: 2 }))).toContain(CONTINUATION)
  })
})
