/**
 * The stories against single rules of Main and Rom, through prover and verifier: one of each kind of rule, where the checker alone
 * goes through all of them beside the machines.
 */
import { type AirInstance, completeWitness, type ProgramWitness } from '@zisk/air'
import { beforeAll, describe, expect, test } from 'vitest'
import { runOf, program as steps } from '../../../state-machines/main/src/testing/forge-run.ts'
import { STORIES as STEP_STORIES } from '../../../state-machines/main/src/testing/stories.ts'
import { judgeProofs, oneOfEach, REFUSED } from './judge-proofs.ts'

describe('steps', () => {
  let verdict: (witness: ProgramWitness) => Promise<string>
  beforeAll(async () => {
    verdict = await judgeProofs(steps)
  })
  const witnessOf = (instances: readonly AirInstance[]): ProgramWitness =>
    completeWitness(steps, { instances, publics: [], proofValues: [] })

  const stories = oneOfEach(Object.values(STEP_STORIES).flat(), ({ rule }) => rule)

  test.each(stories.map((story) => [story.rule, story.what, story] as const))(
    'without %s: %s',
    async (_rule, _what, story) => {
      const { code, data = [], forgery, faults } = story
      const source = { code, data }
      const forged = runOf(source, forgery)
      expect(REFUSED).toContain(await verdict(witnessOf(forged.instances)))
      if (!faults) expect(forged.published).not.toEqual(runOf(source).published)
    },
  )

  test.each([0, 1])('an honest run is accepted: %i', async (index) => {
    const { code, data = [] } = [STEP_STORIES['rom']![0]!, STEP_STORIES['time']![0]!][index]!
    expect(await verdict(witnessOf(runOf({ code, data }).instances))).toBe('ok')
  })
})
