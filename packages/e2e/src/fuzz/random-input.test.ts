import { MEMORY_MAPS } from '@zisk/core'
import { expect, test } from 'vitest'
import { createRandom } from '../differential/random.ts'
import { randomInput, tryInput } from './random-input.ts'

test.each(Object.values(MEMORY_MAPS))('random and damaged inputs of $name are records or typed errors', (map) => {
  const seed = 1
  const random = createRandom(seed)
  const outcomes = new Map<string, number>()
  for (let round = 0; round < 10_000; round++) {
    const outcome = tryInput(randomInput(random), map)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  const refusals = [
    'INPUT_JSON_SHAPE',
    'INPUT_JSON_SYNTAX',
    ...(map.inputFraming === 'raw' ? [] : ['INPUT_NOT_FRAMED']),
  ]
  expect([...outcomes.keys()].sort(), `seed ${seed}`).toEqual([...refusals, 'accepted'].sort())
  expect(outcomes.get('accepted')).toBeGreaterThan(4000)
})
