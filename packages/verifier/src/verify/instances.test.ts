import { P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { VerificationError } from '../errors.ts'
import type { InstanceClaim } from '../proof/proof.ts'
import { checkInstances, MAX_SEGMENTS } from './instances.ts'

const air = { name: 'Steps', logHeights: [10, 11], airValues: [], customCommits: [] }
const SHAPES = [
  { index: 0, single: false, ownOpenings: 0, airGroupValues: [], air },
  { index: 1, single: true, ownOpenings: 2, airGroupValues: [], air: { ...air, name: 'Table' } },
]
const claim = (segment: number, rest: Partial<InstanceClaim> = {}): InstanceClaim => ({
  air: 0,
  segment,
  logRows: 10,
  airValues1: [],
  airValues2: [],
  airGroupValues: [],
  ...rest,
})
const claims = (count: number, from = 0): InstanceClaim[] => Array.from({ length: count }, (_, i) => claim(from + i))

/** What is wrong with shards of these instances, each with two evaluations; `undefined` when nothing is. */
function faultOf(...shards: readonly (readonly InstanceClaim[])[]): string | undefined {
  try {
    const evaluations = [0, 1].map(() => [0n, 0n, 0n] as const)
    checkInstances(
      SHAPES,
      { commits: [] },
      shards.map((instances) => ({
        instances: [...instances],
        evaluations: evaluations.map((x) => [...x] as [bigint, bigint, bigint]),
      })),
    )
    return undefined
  } catch (error) {
    if (error instanceof VerificationError) return `${error.code} ${error.message}`
    throw error
  }
}

describe('checkInstances', () => {
  test('accepts segments 0, 1, 2, ... over all shards, and one instance of a table', () => {
    expect(faultOf(claims(3), claims(2, 3), [claim(0, { air: 1 })])).toBeUndefined()
  })

  test.each([
    ['no shard', []],
    ['an empty shard', [claims(1), []]],
    ['a segment left out', [[claim(0), claim(2)]]],
    ['a segment left out between shards', [claims(1), claims(1, 2)]],
    ['the first segment left out', [claims(2, 1)]],
    ['a segment twice in a shard', [[claim(0), claim(0)]]],
    ['a segment twice in two shards', [claims(2), claims(1)]],
    ['segments of one AIR swapped', [[claim(1), claim(0)]]],
    ['AIRs swapped', [[claim(0, { air: 1 }), claim(0)]]],
    ['a table twice', [[claim(0, { air: 1 })], [claim(1, { air: 1 })]]],
    ['an AIR that is not there', [[claim(0, { air: 2 })]]],
    ['a height that is not allowed', [[claim(0, { logRows: 12 })]]],
    ['a value too many', [[claim(0, { airValues1: [0n] })]]],
    ['more instances than evaluations', [[claim(0, { air: 1 }), claim(1, { air: 1 })]]],
  ])('refuses %s', (_, shards) => {
    expect(faultOf(...shards)).toMatch(/^PROOF_INSTANCES_INVALID/)
  })

  test('accepts as many segments as there may be, and not one more', () => {
    expect(faultOf(claims(MAX_SEGMENTS))).toBeUndefined()
    expect(faultOf(claims(MAX_SEGMENTS + 1))).toContain(`got number ${MAX_SEGMENTS}`)
  })
})

test('no chain of register accesses goes around the field, and no table row is used as often', () => {
  const rows = BigInt(MAX_SEGMENTS) * 2n ** 20n
  // Three accesses per step and one per row of RegisterReads, each at most 2^16 mem_steps behind the one before.
  expect(rows * 4n * 2n ** 16n).toBeLessThan(P)
  // At most 4096 terms per row of one AIR, and fewer than 2^8 AIRs.
  expect(rows * 2n ** 12n * 2n ** 8n).toBeLessThan(P)
})
