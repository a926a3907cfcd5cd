import { expect, test } from 'vitest'
import { checkJobOptions } from './job-options.ts'
import { profile } from './profile.ts'
import { plan } from './proving/plan.ts'
import { prove } from './proving/prove.ts'
import { setup } from './proving/setup.ts'
import { loadFixture } from './testing/fixture.ts'

const { program } = loadFixture('large-bss')
const refused = expect.objectContaining({ code: 'INVALID_JOB_OPTION', exitStatus: 'usage' })

test.each([
  ['threads', 0],
  ['threads', 1.5],
  ['maxMemory', -1],
  ['shardCells', Number.NaN],
  ['shardCells', -5],
] as const)('%s of %s is refused by what takes it, before any work', async (name, value) => {
  const options = { [name]: value, home: '/nonexistent' }
  await expect(prove(program, options)).rejects.toEqual(refused)
  await expect(plan(program, options)).rejects.toEqual(refused)
  if (name === 'threads') await expect(profile(program, { threads: value })).rejects.toEqual(refused)
  if (name !== 'shardCells') await expect(setup(program, options)).rejects.toEqual(refused)
})

test('a profile that there is not is refused by name', () => {
  const unknown = { profile: 'fast' } as unknown as Parameters<typeof checkJobOptions>[0]
  expect(() => checkJobOptions(unknown)).toThrow(/^profile expected one of test, std128, .*, got fast$/)
  expect(() =>
    checkJobOptions({ profile: 'std128', threads: 1, maxMemory: 2 ** 32, shardCells: 2 ** 20 }),
  ).not.toThrow()
})
