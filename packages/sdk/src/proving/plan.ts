/** Runs a program and plans its proof, without paying for it. */

import { availableParallelism } from 'node:os'
import { type InstancePlan, type Pilout, sourceOf } from '@zisk/air'
import { buildWitness } from '@zisk/executor'
import { estimateProof, planShardCells } from '@zisk/prover'
import { programDigest, type ZiskStatement } from '@zisk/verifier'
import { abortable } from '../abort.ts'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { runToProve, statementOf } from './provable-run.ts'
import { defaultShardCells, type ProveOptions } from './prove.ts'
import { withProverSession } from './prover-session.ts'

/** How to plan: as to prove. */
export type PlanOptions = Omit<ProveOptions, 'verify' | 'onProgress'>

/** One instance of an AIR that the proof will have. */
export interface PlannedAirInstance {
  readonly air: string
  readonly segment: number
  readonly rows: number
  readonly shard: number
}

/** What a proof will be, and cost. */
export interface ProofPlan {
  readonly programDigest: Uint8Array
  readonly statement: ZiskStatement
  readonly steps: number
  readonly instances: readonly PlannedAirInstance[]
  readonly shards: number
  /** Committed cells, padding included. */
  readonly cells: number
  /** Wall time on `threads` processors like those of the benchmarks; half or twice that elsewhere. */
  readonly seconds: number
  readonly threads: number
  /** Peak of the whole process, about. */
  readonly memoryBytes: number
  /** Within a few percent. */
  readonly proofBytes: number
}

/** What the process takes beside the prover's shared memory and one instance. */
const HOST_BYTES = 200 * 2 ** 20
const BYTES_PER_CELL = 8

/**
 * Runs a program and tells what a proof of the run would consist of.
 *
 * @throws GuestError when the run faults, does not end, or ends with an exit code that is not allowed
 * @throws AbortedError after the signal
 */
export function plan(program: Program, options: PlanOptions = {}): Promise<ProofPlan> {
  return abortable(options.signal, () => planRunOf(program, options))
}

async function planRunOf(program: Program, options: PlanOptions): Promise<ProofPlan> {
  const { profile = 'std128', shardCells = defaultShardCells(profile), chunkSize, maxSteps, signal } = options
  const { input, execution } = await runToProve(program, options)
  return withProverSession(options, async (session) => {
    const { key, maxBytes } = session
    const threads = options.threads ?? availableParallelism()
    const { witness, steps } = await buildWitness(key.program, program.rom, {
      input,
      framing: 'records',
      chunkSize,
      maxSteps,
      signal,
    })
    const source = sourceOf(witness)
    const shards = planShardCells(key, source.instances, shardCells)
    const estimate = estimateProof({ key, source, shards, profile, threads, maxBytes })
    return {
      programDigest: programDigest(await programKeyOf(program.rom, session)),
      statement: statementOf(execution),
      steps,
      instances: shards.flatMap((positions, shard) =>
        positions.map((position) => describe(key.program, source.instances[position]!, shard)),
      ),
      shards: shards.length,
      cells: estimate.cells,
      seconds: estimate.seconds,
      threads,
      memoryBytes: estimate.memoryBytes + HOST_BYTES + BYTES_PER_CELL * largestInstance(key.program, source.instances),
      proofBytes: estimate.proofBytes,
    }
  })
}

function describe({ airGroups }: Pilout, { airGroup, air, segment, rows }: InstancePlan, shard: number) {
  return { air: airGroups[airGroup]!.airs[air]!.name, segment, rows, shard }
}

/** Cells of the largest instance, whose columns the host holds while they are handed to the prover. */
function largestInstance({ airGroups }: Pilout, instances: readonly InstancePlan[]): number {
  return instances.reduce(
    (most, { airGroup, air, rows }) => Math.max(most, rows * airGroups[airGroup]!.airs[air]!.witness.length),
    0,
  )
}
