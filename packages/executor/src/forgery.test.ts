import { type AirInstance, columnNamed, createChecker, entryLabel, type ProgramWitness } from '@zisk/air'
import { type Forgery, forgeWitness } from '@zisk/air-testkit'
import { ADDRESS, OP } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { buildWitness } from './build-witness.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const checker = createChecker(program)
const airs = program.airGroups[0]!.airs

/** What fails: labels of constraints and names of buses. */
function reasonsOf(witness: ProgramWitness): readonly string[] {
  const report = checker.check(witness, { sums: false, stage2: false, maxFailures: 10_000 })
  const texts = report.failures.map((failure) =>
    failure.kind === 'bus' ? `bus ${failure.bus}` : failure.kind === 'sum' ? 'sum' : failure.label,
  )
  return [...new Set(texts)]
}

const instancesOf = (witness: Pick<ProgramWitness, 'instances'>, name: string): AirInstance[] =>
  witness.instances.filter(({ air }) => airs[air]!.name === name)
const cells = (instance: AirInstance, label: string): BigUint64Array => columnNamed(program, instance, label)
function addToAirValue(instance: AirInstance, label: string, by: bigint): void {
  const index = airs[instance.air]!.airValues.findIndex((entry) => entryLabel(entry) === label)
  if (index < 0) throw new Error(`no air value ${label}`)
  instance.airValues[index]! += by
}

/** Tells what fails after a change. */
function forge(witness: ProgramWitness, change: (copy: Forgery) => void): readonly string[] {
  return reasonsOf(forgeWitness(program, witness, change))
}

const one = fixtureProgram('exit-code')
const honest = (await buildWitness(program, one.rom, { input: one.input })).witness
const long = fixtureProgram('rust-panic')
const segmented = (await buildWitness(program, long.rom, { input: long.input, maxLogRows: { main: 10 } })).witness
const parted = (
  await buildWitness(program, long.rom, { input: long.input, maxLogRows: { main: 12 }, maxGapRows: 2048 })
).witness
const CONTINUATION = 'bus main continuation'
const P = 2n ** 64n - 2n ** 32n + 1n

/** The first row of Main at which a column has a value. */
function rowWhere(witness: ProgramWitness, label: string, value: bigint, from = 0): number {
  const row = cells(instancesOf(witness, 'Main')[0]!, label).indexOf(value, from)
  if (row < 0) throw new Error(`no row with ${label} = ${value}`)
  return row
}

test('the witnesses hold as they are', () => {
  expect(forge(honest, () => {})).toEqual([])
  expect(forge(segmented, () => {})).toEqual([])
})

describe('a program that was not named', () => {
  test.each(['op', 'pc', 'jmp_offset2', 'store_offset', 'a_offset_imm0', 'is_external_op', 'm32'])(
    'an instruction of Main with another %s',
    (label) => {
      const found = forge(honest, (copy) => {
        const column = cells(instancesOf(copy, 'Main')[0]!, label)
        column[20] = column[20] === 0n ? 1n : column[20]! - 1n
      })
      expect(found).toContain('bus rom')
    },
  )

  test('a data row executed as an instruction: no flags word of a step is even', () => {
    for (const flags of cells(instancesOf(honest, 'Rom')[0]!, 'flags'))
      expect(flags % 2n === 1n || flags === 0n || flags === 2n || flags === 4n).toBe(true)
    const { columns, length } = one.rom.instructions
    const rom = instancesOf(honest, 'Rom')[0]!
    for (let row = 0; row < length; row++) {
      expect(cells(rom, 'flags')[row]! % 2n).toBe(columns.op[row] === OP.HALT ? 0n : 1n)
    }
  })

  test('initial RAM left out or stored twice', () => {
    const rom = instancesOf(segmented, 'Rom')[0]!
    const row = cells(rom, 'is_data').findIndex((isData, r) => isData === 1n && cells(rom, 'flags')[r] === 2n)
    for (const multiplicity of [0n, 2n]) {
      const found = forge(segmented, (copy) => {
        cells(instancesOf(copy, 'Rom')[0]!, 'multiplicity')[row] = multiplicity
      })
      expect(found).toContain('is_data * (MEM_OP_ROM_INIT - flags) * (1 - multiplicity) === 0')
    }
  })
})

describe('registers', () => {
  const A_REG = 'a_src_reg'

  test('a read that gives another value', () => {
    const row = rowWhere(honest, A_REG, 1n, 5)
    const found = forge(honest, (copy) => {
      cells(instancesOf(copy, 'Main')[0]!, 'a[0]')[row]! += 1n
    })
    expect(found).toContain('bus memory')
  })

  test('a stale value: the access before is older than it was', () => {
    // The reader links to an earlier state of the register, whose own successor stays: both want the same tuple.
    const main = instancesOf(honest, 'Main')[0]!
    const row = rowWhere(honest, A_REG, 1n, 30)
    const register = cells(main, 'a_offset_imm0')[row]!
    const found = forge(honest, (copy) => {
      const forged = instancesOf(copy, 'Main')[0]!
      cells(forged, 'a_reg_prev_mem_step')[row] = 0n
      cells(forged, 'a[0]')[row] = 0n
      cells(forged, 'a[1]')[row] = 0n
    })
    expect(register).toBeGreaterThan(0n)
    expect(found).toContain('bus memory')
  })

  test('a tie: an access that comes before itself', () => {
    const row = rowWhere(honest, A_REG, 1n, 5)
    const found = forge(honest, (copy) => {
      const main = instancesOf(copy, 'Main')[0]!
      // Proved and assumed tuple are equal: the value would be free.
      cells(main, 'a_reg_prev_mem_step')[row] = 1n + 4n * cells(main, 'step')[row]!
    })
    expect(found).toContain('bus range 0..65535')
  })

  test('an access that comes before one of the future', () => {
    const row = rowWhere(honest, A_REG, 1n, 5)
    const found = forge(honest, (copy) => {
      cells(instancesOf(copy, 'Main')[0]!, 'a_reg_prev_mem_step')[row] = 4000n
    })
    expect(found).toContain('bus range 0..65535')
  })

  test('an access that comes 2^16 mem_steps and more before', () => {
    const column = cells(instancesOf(honest, 'Main')[0]!, A_REG)
    const row = column.lastIndexOf(1n)
    for (const [gap, isRefused] of [
      [2n ** 16n, false],
      [2n ** 16n + 1n, true],
    ] as const) {
      const found = forge(honest, (copy) => {
        const main = instancesOf(copy, 'Main')[0]!
        cells(main, 'a_reg_prev_mem_step')[row] = (P + 1n + 4n * cells(main, 'step')[row]! - gap) % P
      })
      expect(found.includes('bus range 0..65535')).toBe(isRefused)
      expect(found).toContain('bus memory')
    }
  })

  test('register 0 has no chain: no instruction names it', () => {
    const { flags, aLow, bLow, storeOffset } = one.rom.instructions.columns
    const bits = { a: 0x2000, b: 0x4000, store: 0x8000 }
    for (let row = 0; row < one.rom.instructions.length; row++) {
      if (flags[row]! & bits.a) expect(aLow[row]).not.toBe(0)
      if (flags[row]! & bits.b) expect(bLow[row]).not.toBe(0)
      if (flags[row]! & bits.store) expect(storeOffset[row]).not.toBe(0)
    }
  })
})

describe('reads of registers between steps', () => {
  const READS = 'RegisterReads'
  const ROW = 10
  const padding = cells(instancesOf(parted, READS)[0]!, 'sel').indexOf(0n)

  /** What fails when cells of one row have other values. */
  function changed(row: number, values: Readonly<Record<string, (old: bigint) => bigint>>): readonly string[] {
    return forge(parted, (copy) => {
      const [reads] = instancesOf(copy, READS)
      for (const [label, value] of Object.entries(values)) {
        const column = cells(reads!, label)
        column[row] = value(column[row]!)
      }
    })
  }

  test('they hold, and take a row for every register', () => {
    expect(forge(parted, () => {})).toEqual([])
    expect(padding % 31).toBe(0)
  })

  test.each(['register', 'mem_step', 'prev_mem_step', 'value[0]', 'value[1]'])('another %s', (label) => {
    expect(changed(ROW, { [label]: (old) => old + 1n })).toContain('bus memory')
  })

  test('a read that is left out, doubled, or made up', () => {
    expect(changed(ROW, { sel: () => 0n })).toContain('bus memory')
    expect(changed(ROW, { sel: () => 2n })).toContain('sel * (1 - sel) === 0')
    const made = { sel: () => 1n, register: () => 5n, prev_mem_step: () => 100n, mem_step: () => 200n }
    expect(changed(padding, { ...made, 'value[0]': () => 7n })).toContain('bus memory')
  })

  test('a read that comes before itself, so that its value is its own', () => {
    const alone = { sel: () => 1n, register: () => 5n, prev_mem_step: () => 100n, mem_step: () => 100n }
    const found = changed(padding, { ...alone, 'value[0]': () => 7n })
    // The memory bus balances: it is the order in time that refuses a chain of one.
    expect(found).toEqual(['bus range 0..65535'])
  })

  test('two reads that come before each other', () => {
    const found = forge(parted, (copy) => {
      const [reads] = instancesOf(copy, READS)
      for (const [row, from, to] of [
        [padding, 100n, 200n],
        [padding + 1, 200n, 100n],
      ] as const) {
        const values = { sel: 1n, register: 5n, prev_mem_step: from, mem_step: to, 'value[0]': 7n }
        for (const [label, value] of Object.entries(values)) cells(reads!, label)[row] = value
      }
    })
    expect(found).toEqual(['bus range 0..65535'])
  })
})

describe('continuation', () => {
  test.each([
    ['main_segment', CONTINUATION],
    ['first_step', CONTINUATION],
    ['segment_initial_pc', 'L1 * (segment_initial_pc - pc) === 0'],
    ['segment_previous_c[0]', CONTINUATION],
    ['segment_next_pc', 'LAST * (segment_next_pc - next_pc) === 0'],
    ['segment_last_c[0]', 'LAST * (segment_last_c[i] - c[i]) === 0'],
    ['next_step', 'LAST * (next_step - step - 1) === 0'],
    ['last_reg_value[1][0]', 'bus memory'],
    ['last_reg_mem_step[1]', 'bus memory'],
  ])('another %s', (label, reason) => {
    for (const segment of [0, 2]) {
      const found = forge(segmented, (copy) => addToAirValue(instancesOf(copy, 'Main')[segment]!, label, 1n))
      expect(found).toContain(reason)
    }
  })

  test('a run that ends early', () => {
    const found = forge(segmented, (copy) => {
      const main = instancesOf(copy, 'Main')
      copy.instances = copy.instances.filter((instance) => !main.slice(2).includes(instance))
      addToAirValue(main[1]!, 'is_last_segment', 1n)
    })
    expect(found).toContain(CONTINUATION)
  })

  test('a segment left out, twice, or behind the end', () => {
    const main = (copy: Forgery): AirInstance[] => instancesOf(copy, 'Main')
    const renumbered = (copy: Forgery, segments: readonly AirInstance[]): void => {
      const others = copy.instances.filter(({ air }) => airs[air]!.name !== 'Main')
      copy.instances = [...segments.map((instance, segment) => ({ ...instance, segment })), ...others]
    }
    for (const pick of [
      (all: AirInstance[]) => [all[0]!, ...all.slice(2)],
      (all: AirInstance[]) => [all[0]!, all[1]!, ...all.slice(1)],
      (all: AirInstance[]) => [...all, all.at(-1)!],
      (all: AirInstance[]) => all.slice(0, -1),
    ])
      expect(forge(segmented, (copy) => renumbered(copy, pick(main(copy))))).toContain(CONTINUATION)
  })

  test('an extra run that starts at the end', () => {
    const found = forge(honest, (copy) => {
      const [main] = instancesOf(copy, 'Main')
      copy.instances = [...copy.instances, { ...main!, segment: 1, airValues: [...main!.airValues] }]
    })
    expect(found).toContain(CONTINUATION)
  })

  test('a jump that the program does not make', () => {
    const found = forge(segmented, (copy) => {
      const [main] = instancesOf(copy, 'Main')
      cells(main!, 'pc')[100] = BigInt(ADDRESS.romExit)
    })
    expect(found).toContain("(1 - LAST) * (pc' - next_pc) === 0")
  })

  test('a step counter that stands still', () => {
    const found = forge(honest, (copy) => {
      cells(instancesOf(copy, 'Main')[0]!, 'step')[10] = 9n
    })
    expect(found).toContain("(1 - LAST) * (step' - step - 1) === 0")
  })
})

describe('public values', () => {
  test.each([0, 63, 64, 65])('another public %i', (index) => {
    const found = forge(honest, (copy) => {
      copy.publics[index]! ^= 1n
    })
    expect(found).toContain('bus operation')
  })

  test('an output published twice, or not at all', () => {
    const row = rowWhere(honest, 'op', BigInt(OP.PUBOUT))
    const skipped = forge(honest, (copy) => {
      cells(instancesOf(copy, 'Main')[0]!, 'is_external_op')[row] = 0n
    })
    expect(skipped).toContain('bus operation')
    const again = forge(honest, (copy) => {
      cells(instancesOf(copy, 'Main')[0]!, 'a[0]')[row]! += 1n
    })
    expect(again).toContain('bus operation')
  })

  test('the old memory map for a program of the new one', () => {
    const found = forge(honest, (copy) => {
      copy.publics[66] = 1n
    })
    expect(found).toContain('bus memory continuation')
    expect(forge(honest, (copy) => copy.publics.splice(66, 1, 2n))).toContain(
      'old_memory_map * (1 - old_memory_map) === 0',
    )
  })
})
