/**
 * With one rule of a memory machine left out, a forger gives a run a memory that it cannot have: every story below breaks
 * that rule and no other. Constraints without a story are named with the reason. Of the range checks three have none:
 * `segment_id` (a cycle of segments would need as many as the field has elements), `previous_addr` (follows from the end of
 * the segment before, distance by distance) and `previous_step` (steps wrap around only over 2^12 full segments).
 */
import { nodeStages } from '@zisk/air'
import { expect, test } from 'vitest'
import { checkMemory, program, reasons } from './testing/memory-witness.ts'
import { type Air, instancesOf, STORIES } from './testing/stories.ts'

/**
 * Constraints that no false memory needs broken. `sel * (1 - sel) === 0` is also how the library forces is_last_segment, of
 * which the continuation takes no other value than 0 and 1.
 */
const REVIEWED: Readonly<Record<Air, Readonly<Record<string, string>>>> = {
  Mem: {
    'sel * (1 - sel) === 0': 'rows that write have sel = 1 by another rule; a read is true however often it counts',
    'sel_dual * (1 - sel_dual) === 0': 'other than 1, it repeats the access as a read',
    'wr * (1 - wr) === 0': 'other codes are not asked for at addresses of RAM',
    '(1 - sel) * sel_dual === 0': 'a read in padding gives what is there',
    'L1 * same_addr === 0': 'the carried row would be bound to the last one as well',
  },
  RomData: {
    'sel * (1 - sel) === 0': 'definitions have sel = 1 by another rule; a read is true however often it counts',
    'init * (1 - init) === 0':
      'other than 1 it is a row about the word before, under a code that is not asked for there',
    'init * (step - MEM_STEP_INIT) === 0': 'definitions are asked for at step 0 alone',
  },
  InputData: {
    'sel * (1 - sel) === 0': 'a read is true however often it counts',
    'same_addr * (1 - same_addr) === 0': 'the library forces the selector of the range check',
    'is_free * (1 - is_free) === 0': 'other than 0 it is in the free word, whose reads all differ',
    'L1 * same_addr === 0': 'the selector of the range check would be -1',
  },
}

test.each(STORIES)('%s has no other constraint', (name, stories) => {
  const air = program.airGroups[0]!.airs.find((candidate) => candidate.name === name)!
  const stages = nodeStages(program, air, air.expressions)
  const labels = air.constraints.filter(({ expression }) => stages[expression]! < 2).map(({ label }) => label)
  const explained = [...stories.map(({ rule }) => rule), ...Object.keys(REVIEWED[name])]
  expect(labels.filter((label) => !explained.includes(label))).toEqual([])
  expect(explained.filter((rule) => !rule.startsWith('bus ') && !labels.includes(rule))).toEqual([])
})

test.each(STORIES.flatMap(([air, stories]) => stories.map((story) => [air, story.rule, story] as const)))(
  '%s without %s',
  (air, rule, story) => {
    expect(reasons(checkMemory(instancesOf(air, story)))).toEqual([rule])
  },
)
