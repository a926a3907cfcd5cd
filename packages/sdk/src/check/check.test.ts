import { columnNamed, createInstance, type ProgramWitness } from '@zisk/air'
import { buildWitness } from '@zisk/executor'
import { createInlineEngine, createWasmBackend } from '@zisk/prover'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultHome } from '../home.ts'
import { loadProvingKey } from '../machine/proving-key.ts'
import { locate } from '../program.ts'
import { loadFixture } from '../testing/fixture.ts'
import { check, checkWitness } from './check.ts'
import { RowExplainer } from './explain.ts'

const { program, input } = loadFixture('exit-code')

test('an honest run passes', async () => {
  const { report, failures, instances } = await check(program, { input, allowFailure: true })
  expect([report.ok, report.failureCount, failures]).toEqual([true, 0, []])
  expect(instances).toBeGreaterThan(4)
})

test('a run that failed is not checked unless that is allowed', async () => {
  await expect(check(program, { input })).rejects.toMatchObject({ code: 'GUEST_EXIT' })
})

describe('a failure is explained', () => {
  let machine: Awaited<ReturnType<typeof loadProvingKey>>['key']['program']
  let witness: ProgramWitness

  beforeAll(async () => {
    const { key } = await loadProvingKey({ home: defaultHome() }, createWasmBackend(createInlineEngine()))
    machine = key.program
  }, 60_000)

  /** Changes one cell of the run and gives the first row that is blamed in the AIR. */
  const blame = async (
    air: string,
    column: string,
    choose: (cells: BigUint64Array, at: number, pc: number) => boolean,
  ) => {
    const bytes = input?.kind === 'framed' ? input.bytes : undefined
    witness = (await buildWitness(machine, program.rom, { input: bytes })).witness
    const nameOf = (instance: ProgramWitness['instances'][number]): string =>
      machine.airGroups[instance.airGroup]!.airs[instance.air]!.name
    const instance = witness.instances.find((candidate) => nameOf(candidate) === air)!
    const cells = columnNamed(machine, instance, column)
    const pcs = air === 'Main' ? columnNamed(machine, instance, 'pc') : undefined
    const row = Array.from(cells.keys()).find((at) => choose(cells, at, Number(pcs?.[at] ?? 0n)))!
    cells[row] = cells[row]! + 1n
    const { report, failures } = checkWitness({ machine, witness, program, maxFailures: 100 })
    expect(report.ok).toBe(false)
    const blamed = failures
      .flatMap(({ rows }) => rows)
      .find((found) => found.instance === `${air}#0` && found.row === row)
    return { blamed: blamed!, row }
  }

  test('in Main: by step, instruction and symbol', async () => {
    const { blamed, row } = await blame('Main', 'c[0]', (_, __, pc) => locate(program, pc).symbol === 'main')
    expect(blamed.step).toBe(row)
    expect(blamed.location).toMatch(/^0x8[0-9a-f]{7} in main/)
    expect(blamed.instruction).toContain('(')
  })

  test('by the source line, where the ELF has a line table', () => {
    const guest = loadFixture('null-pointer-dwarf5').program
    const main = createInstance(machine, { air: 'Main', rows: 2 ** 10 })
    columnNamed(machine, main, 'pc')[3] = BigInt(guest.rom.entry)
    const { location } = new RowExplainer(machine, { instances: [main] }, guest).explain(0, 3)
    expect(location).toMatch(/ in \w+ \(.*:\d+\)$/)
  })

  test('in memory: by address and the step that makes the access', async () => {
    const { blamed } = await blame('Mem', 'value[0]', (cells, at) => at > 0 && cells[at]! > 0n)
    expect(blamed.what).toMatch(/of the word at 0x(990|a00)[0-9a-f]{5}/)
    expect(blamed.location).toMatch(/ in \w+|0x1/)
  })

  test('in an operation machine: by operation and the step that asks for it', async () => {
    const { blamed } = await blame('BinaryAdd', 'c_chunk[0]', (_, at) => at === 5)
    expect(blamed.what).toMatch(/^add\(0x/)
    expect(blamed.step).toBeGreaterThan(0)
  })

  test('in Rom: by instruction', async () => {
    const { blamed } = await blame('Rom', 'multiplicity', (cells, at) => at > 40 && cells[at]! > 0n)
    expect(blamed.location).toMatch(/^0x/)
    expect(blamed.instruction).toContain('(')
  })
})
