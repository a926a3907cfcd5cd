/** Whether the instances of a proof are those of one complete run, each in its place. */
import { reject } from '../errors.ts'
import type { AirShape } from '../key/air-shape.ts'
import type { ProgramKey } from '../key/program-key.ts'
import type { ShardProof } from '../proof/proof.ts'

/**
 * An AIR has fewer segments. With the heights of AIRs this bounds the rows of a run to 2^36 per AIR, and so what counts
 * and orders cannot go around the field: uses of a table row, steps, and accesses of a register, each of which is less
 * than 2^16 mem_steps behind the next, so that 2^48 rows would close a chain on itself.
 */
export const MAX_SEGMENTS: number = 2 ** 16

/** What of an AIR decides which instances of it there may be. */
type CountedShape = Pick<AirShape, 'index' | 'single' | 'ownOpenings' | 'airGroupValues'> & {
  readonly air: Pick<AirShape['air'], 'name' | 'logHeights' | 'airValues' | 'customCommits'>
}

/**
 * Every AIR's segments 0, 1, ... occur exactly once over all shards, single AIRs at most once; within a shard the
 * instances are ordered by AIR and segment; heights are allowed, and each instance shows as many values as its AIR has.
 *
 * @throws VerificationError PROOF_INSTANCES_INVALID.
 */
export function checkInstances(
  shapes: readonly CountedShape[],
  programKey: Pick<ProgramKey, 'commits'>,
  shards: readonly Pick<ShardProof, 'instances' | 'evaluations'>[],
): void {
  if (shards.length === 0) fail('the proof has no shard')
  const segments = shapes.map((): number[] => [])
  for (const [k, { instances, evaluations }] of shards.entries()) {
    let opened = 0
    if (instances.length === 0) fail(`shard ${k} has no instance`)
    for (const [i, instance] of instances.entries()) {
      const { air, segment, logRows } = instance
      if (air >= shapes.length) fail(`AIR ${air} is not in the setup`)
      const shape = shapes[air]!
      // The layout takes time and memory for every opened column: it is only made when all of them were sent.
      opened += shape.ownOpenings
      if (opened > evaluations.length) fail(`shard ${k} has more instances than evaluations`)
      const { name, logHeights, airValues } = shape.air
      if (segment >= MAX_SEGMENTS) fail(`AIR ${name} has ${MAX_SEGMENTS} segments at most, got number ${segment}`)
      if (!logHeights.includes(logRows)) fail(`AIR ${name} has no height of 2^${logRows}`)
      for (const { name: commit } of shape.air.customCommits)
        if (programKey.commits.find((candidate) => candidate.name === commit)?.logRows !== logRows)
          fail(`AIR ${name}: the program does not commit ${commit} at 2^${logRows} rows`)
      const previous = instances[i - 1]
      if (previous !== undefined && (previous.air > air || (previous.air === air && previous.segment >= segment)))
        fail(`shard ${k}: instance ${i} is out of order`)
      const count = (stage: number) => airValues.filter((value) => value.stage === stage).length
      if (
        instance.airValues1.length !== count(1) ||
        instance.airValues2.length !== count(2) ||
        instance.airGroupValues.length !== shape.airGroupValues.length
      )
        fail(`AIR ${name}, segment ${segment}: the wrong number of values`)
      segments[air]!.push(segment)
    }
  }
  for (const { index, single, air } of shapes) {
    const found = segments[index]!.sort((x, y) => x - y)
    if (found.some((segment, i) => segment !== i)) fail(`the segments of AIR ${air.name} are not 0, 1, 2, ...`)
    if (single && found.length > 1) fail(`AIR ${air.name} occurs ${found.length} times, allowed is once`)
  }
}

function fail(message: string): never {
  reject('PROOF_INSTANCES_INVALID', message)
}
