/**
 * Feeds random and damaged inputs to the framing of both memory maps; any error without a type, and any accepted input
 * that is not made of records, stops it with the seed and round that reproduce it.
 *
 * Usage: pnpm fuzz:input [cases] [seed]
 */

import { MEMORY_MAPS } from '@zisk/core'
import { createRandom } from '../src/differential/random.ts'
import { randomInput, tryInput } from '../src/fuzz/random-input.ts'

const cases = Number(process.argv[2] ?? 100_000)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
console.log(`seed ${seed}, ${cases} cases`)

const maps = Object.values(MEMORY_MAPS)
const random = createRandom(seed)
const outcomes = new Map<string, number>()
for (let round = 0; round < cases; round++) {
  try {
    const outcome = tryInput(randomInput(random), maps[round % maps.length]!)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  } catch (error) {
    console.error(`seed ${seed}, round ${round}`)
    throw error
  }
}
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1])) console.log(`${outcome} ${count}`)
