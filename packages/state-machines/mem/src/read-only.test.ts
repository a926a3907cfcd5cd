import { type AirInstance, columnNamed } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { inputDataInstances } from './input-data-instances.ts'
import { type ReadOnlyLine, romDataInstances } from './rom-data-instances.ts'
import { type Access, accessesOf, askFor, checkMemory, program, reasons } from './testing/memory-witness.ts'

function set(instance: AirInstance, column: string, row: number, value: bigint): void {
  columnNamed(program, instance, column)[row] = value
}
const airValue = (instance: AirInstance, name: string): number =>
  program.airGroups[0]!.airs[instance.air]!.airValues.findIndex((entry) => entry.name === name)
const CONTINUATION = 'bus memory continuation'

describe('RomData', () => {
  const WORD = 0x8000_0000 / 8
  const LINES: readonly ReadOnlyLine[] = [0, 4, 100].map((at) => ({
    address: 8 * (WORD + at),
    words: BigUint64Array.from([BigInt(at), 2n ** 64n - 1n, 0n, 9n]),
  }))
  const READS: readonly Access[] = [
    [WORD + 100, 6, 'r', 100n],
    [WORD + 1, 9, 'r', 2n ** 64n - 1n],
    [WORD + 1, 2, 'r', 2n ** 64n - 1n],
    [WORD + 103, 2 ** 37, 'r', 9n],
  ]
  const definitions = (used: ReadonlySet<number>) =>
    [...used].flatMap((line) =>
      [...LINES[line]!.words].map((value, k) => [LINES[line]!.address / 8 + k, value] as const),
    )
  const forge = (
    change: (roms: AirInstance[]) => void,
    options: { readonly reads?: readonly Access[]; readonly maxLogRows?: number } = {},
  ): readonly string[] => {
    const reads = options.reads ?? READS
    const { instances, usedLines } = romDataInstances(program, accessesOf(reads), LINES, options)
    const changed = [...instances]
    change(changed)
    const askers = [reads.slice(0, 1000), reads.slice(1000)]
      .filter((part) => part.length > 0)
      .map((part, segment) => ({ ...askFor(part, segment === 0 ? definitions(usedLines) : []), segment }))
    return reasons(checkMemory([...askers, ...changed]))
  }
  const many = Array.from({ length: 1500 }, (_, i): Access => [WORD + 1, 2 + i, 'r', 2n ** 64n - 1n])
  const TWO = { reads: many, maxLogRows: 10 }

  test('honest reads hold, over one or two segments', () => {
    expect(forge(() => {})).toEqual([])
    expect(forge((roms) => expect(roms).toHaveLength(2), TWO)).toEqual([])
  })

  test('only used lines have rows', () => {
    expect([...romDataInstances(program, accessesOf(READS), LINES).usedLines]).toEqual([0, 2])
  })

  test('a read outside the data is an error', () => {
    for (const word of [WORD - 1, WORD + 8, WORD + 104])
      expect(() => romDataInstances(program, accessesOf([[word, 1, 'r', 0n]]), LINES)).toThrow(
        expect.objectContaining({ code: 'MEMORY_UNDEFINED_WORD' }),
      )
  })

  test('forged columns are refused', () => {
    // Rows: word 0 defined, word 1 defined and read twice, ...
    expect(forge(([rom]) => set(rom!, 'value[0]', 2, 5n))).toContain(
      "(1 - init) * (value[i] - L1 * (previous_value[i] - 'value[i]) - 'value[i]) === 0",
    )
    expect(forge(([rom]) => set(rom!, 'addr', 2, 0n))).toContain(
      "(1 - init) * (addr - L1 * (previous_addr - 'addr) - 'addr) === 0",
    )
    expect(forge(([rom]) => set(rom!, 'init', 0, 0n))).toContain('is_first_segment * L1 * (1 - init) === 0')
    expect(forge(([rom]) => set(rom!, 'init', 2, 1n))).toContain('init * (step - MEM_STEP_INIT) === 0')
    expect(forge(([rom]) => set(rom!, 'sel', 0, 0n))).toContain('init * (1 - sel) === 0')
    for (const column of ['sel', 'init'])
      expect(forge(([rom]) => set(rom!, column, 3, 2n))).toContain(`${column} * (1 - ${column}) === 0`)
    // A definition that Rom did not give, in padding.
    const free = forge(([rom]) => {
      for (const [column, value] of [
        ['sel', 1n],
        ['init', 1n],
        ['addr', 7n],
        ['value[0]', 1n],
      ] as const)
        for (let row = 1000; row < 1024; row++) set(rom!, column, row, value)
    })
    expect(free).toContain('bus memory')
  })

  test('forged segments are refused', () => {
    for (const name of ['segment_id', 'is_first_segment', 'previous_addr', 'previous_value'])
      expect(
        forge((roms) => {
          roms[1]!.airValues[airValue(roms[1]!, name)]! ^= 1n
        }, TWO),
      ).toContain(CONTINUATION)
    expect(forge((roms) => roms.pop(), TWO)).toContain(CONTINUATION)
    // A word inherited around a cycle of one segment, without a definition.
    const cycle = forge((roms) => {
      const last = roms[1]!
      last.airValues[airValue(last, 'is_last_segment')] = 0n
      roms.splice(0, 2, { ...last, segment: 0 })
      last.airValues[airValue(last, 'segment_id')] = 0n
    }, TWO)
    expect(cycle).toContain(CONTINUATION)
  })
})

describe('InputData', () => {
  const WORD = 0x4000_0000 / 8
  const LAST_WORD = WORD + 2 ** 27 - 2
  const READS: readonly Access[] = [
    [WORD + 1, 6, 'r', 2n ** 64n - 1n],
    [WORD, 9, 'r', 5n],
    [WORD + 2, 14, 'r', 0x1234_5678_9abc_def0n],
    [WORD + 1, 18, 'r', 2n ** 64n - 1n],
    [WORD, 22, 'r', 6n],
    [LAST_WORD, 26, 'r', 1n],
  ]
  const forge = (
    change: (inputs: AirInstance[]) => void,
    options: { readonly reads?: readonly Access[]; readonly maxLogRows?: number } = {},
  ): readonly string[] => {
    const reads = options.reads ?? READS
    const maxLogRows = options.maxLogRows
    const instances = [...inputDataInstances(program, accessesOf(reads), { firstWord: WORD, maxLogRows })]
    change(instances)
    const askers = [reads.slice(0, 1024), reads.slice(1024)]
      .filter((part) => part.length > 0)
      .map((part, segment) => ({ ...askFor(part), segment }))
    return reasons(checkMemory([...askers, ...instances]))
  }

  test('honest reads hold: repeated, free, over gaps, over segments', () => {
    expect(forge(() => {})).toEqual([])
    const many = Array.from({ length: 1500 }, (_, i): Access => [WORD + 1 + (i >> 2), 2 + i, 'r', BigInt(i >> 2)])
    expect(forge((inputs) => expect(inputs).toHaveLength(2), { reads: many, maxLogRows: 10 })).toEqual([])
    for (const name of ['segment_id', 'is_first_segment', 'previous_addr', 'previous_part'])
      expect(
        forge(
          (inputs) => {
            inputs[1]!.airValues[airValue(inputs[1]!, name)]! ^= 1n
          },
          { reads: many, maxLogRows: 10 },
        ),
      ).toContain(CONTINUATION)
  })

  const SAME = "same_addr * (1 - is_free) * (part[i] - 'part[i]) === 0"
  const cases: readonly (readonly [string, readonly Access[], string])[] = [
    [
      'two values of one word',
      [
        [WORD + 1, 6, 'r', 1n],
        [WORD + 1, 9, 'r', 2n],
      ],
      SAME,
    ],
    [
      'two high parts of one word',
      [
        [WORD + 1, 6, 'r', 2n ** 63n],
        [WORD + 1, 9, 'r', 0n],
      ],
      SAME,
    ],
    ['a word below the region', [[WORD - 1, 7, 'r', 0n]], "is_first_segment * L1 * same_addr' === 0"],
    ['a word above the region', [[LAST_WORD + 1, 7, 'r', 0n]], 'bus range 0..65535'],
  ]
  test.each(cases)('%s', (_name, reads, reason) => {
    expect(forge(() => {}, { reads })).toContain(reason)
  })

  test('forged columns are refused', () => {
    // Rows: carried, word 0 twice, word 1 twice, word 2, ...
    expect(forge(([input]) => set(input!, 'is_free', 4, 1n))).toContain('is_free * (addr - first_word) === 0')
    expect(forge(([input]) => set(input!, 'same_addr', 4, 0n))).toContain('bus range 0..65535')
    expect(forge(([input]) => set(input!, 'sel', 0, 1n))).toContain('L1 * sel === 0')
    for (const column of ['sel', 'same_addr', 'is_free'])
      expect(forge(([input]) => set(input!, column, 1, 2n))).toContain(`${column} * (1 - ${column}) === 0`)
    // The same limb of the bus from parts that are not of 16 bits.
    const wide = forge(([input]) => {
      const part = columnNamed(program, input!, 'part[0]')
      const next = columnNamed(program, input!, 'part[1]')
      part[5] = part[5]! + 0x1_0000n
      next[5] = next[5]! - 1n
    })
    expect(wide).toContain('bus range 0..65535')
  })
})
