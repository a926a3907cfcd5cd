/**
 * The stories against single rules of the memory machines, through prover and verifier: one of each kind of rule, where the checker alone
 * goes through all of them beside the machines.
 */
import type { ProgramWitness } from '@zisk/air'
import { MEMORY_MAPS } from '@zisk/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { program as memory, memoryWitness } from '../../../state-machines/mem/src/testing/memory-witness.ts'
import { instancesOf, STORIES as MEMORY_STORIES } from '../../../state-machines/mem/src/testing/stories.ts'
import { judgeProofs, oneOfEach, REFUSED } from './judge-proofs.ts'

describe('memory', () => {
  let verdict: (witness: ProgramWitness) => Promise<string>
  beforeAll(async () => {
    verdict = await judgeProofs(memory)
  })

  const stories = MEMORY_STORIES.flatMap(([air, list]) =>
    oneOfEach(list, ({ rule }) => rule).map((story) => [air, story.rule, story] as const),
  )

  test.each(stories)('%s without %s', async (air, _rule, story) => {
    expect(REFUSED).toContain(await verdict(memoryWitness(instancesOf(air, story))))
  })

  test('a true memory is accepted', async () => {
    const word = MEMORY_MAPS['v0.18'].ram.start / 8
    const rows = [
      { addr: word, step: 100, wr: 1, sel: 1, 'value[0]': 9 },
      { step: 120, sel: 1 },
    ]
    const asked = [[word, 100, 'w', 9n] as const, [word, 120, 'r', 9n] as const]
    const witness = memoryWitness(instancesOf('Mem', { rule: '', asked, segments: [{ rows }] }))
    expect(await verdict(witness)).toBe('ok')
  })
})
