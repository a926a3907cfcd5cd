import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sampleElf } from '../testing/build-elf.ts'
import { createRandom, mutateElf, tryElf } from '../testing/mutate-elf.ts'

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../elf-regressions/${name}/program.elf`, import.meta.url)))

test('damaged files are accepted or refused with an ElfError, and the good ones are accepted', () => {
  const files = [sampleElf(), fixture('null-pointer-dwarf5'), fixture('null-pointer-dwarf4'), fixture('segment-gaps')]
  for (const file of files) expect(tryElf(file)).toBe('accepted')
  const seed = 1
  console.log('seed', seed)
  const random = createRandom(seed)
  const outcomes = new Map<string, number>()
  for (let round = 0; round < 4000; round++) {
    const outcome = tryElf(mutateElf(files, random))
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  // The mutations must reach deep enough: many different refusals, and not only refusals.
  expect(outcomes.size).toBeGreaterThan(12)
  expect(outcomes.get('accepted')).toBeGreaterThan(200)
})
