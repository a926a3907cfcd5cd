/**
 * Feeds damaged ELF files to the loader and transpiler; any error that is not an `ElfError` stops it with the seed and
 * round that reproduce it.
 *
 * Usage: pnpm fuzz:elf [cases] [seed]
 */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { sampleElf } from '../src/testing/build-elf.ts'
import { createRandom, mutateElf, tryElf } from '../src/testing/mutate-elf.ts'

const MAX_FIXTURE_BYTES = 20_000

const cases = Number(process.argv[2] ?? 100_000)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32)
console.log(`seed ${seed}, ${cases} cases`)

const folder = new URL('../../../elf-regressions/', import.meta.url)
const fixtures = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => new URL(`${entry.name}/program.elf`, folder))
  .filter((url) => (statSync(url, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) < MAX_FIXTURE_BYTES)
  .map((url) => new Uint8Array(readFileSync(url)))
const files = [sampleElf(), ...fixtures]

const random = createRandom(seed)
const outcomes = new Map<string, number>()
let slowest = 0
const start = performance.now()
for (let round = 0; round < cases; round++) {
  const file = mutateElf(files, random)
  const before = performance.now()
  try {
    const outcome = tryElf(file)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  } catch (error) {
    console.error(`seed ${seed}, round ${round}: ${file.length} bytes`)
    throw error
  }
  slowest = Math.max(slowest, performance.now() - before)
}
const seconds = (performance.now() - start) / 1000
console.log(`${seconds.toFixed(1)} s, slowest case ${slowest.toFixed(1)} ms`)
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1])) console.log(`${outcome} ${count}`)
