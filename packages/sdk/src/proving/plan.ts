/** Runs a program and plans its proof, without paying for it. */

import { availableParallelism } from 'node:os'
import { estimateProof } from '@zisk/prover'
import { programDigest, type ZiskStatement } from '@zisk/verifier'
import { abortable } from '../abort.ts'
import { checkJobOptions } from '../job-options.ts'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { planToProve } from './provable-run.ts'
import type { ProveOptions } from './prove.ts'
import { withProverSession } from './prover-session.ts'

/** How to plan: as to prove. */
export type PlanOptions = Omit<ProveOptions, 'verify' | 'onProgress' | 'workDir'>

/** One instance of an AIR that the proof will have. */
export interface PlannedAirInstance {
  readonly air: string
  readonly segment: number
  readonly rows: number
  /** Base-field cells that a proof of it alone commits to. */
  readonly cells: number
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
  /**
   * Wall time of the whole command on `threads` idle processors like those of the benchmarks, within about a quarter; half or
   * twice that elsewhere.
   */
  readonly seconds: number
  readonly threads: number
  /** Peak of the whole process, within 15 percent. */
  readonly memoryBytes: number
  /** Whether that is within `maxMemory`: otherwise `prove` refuses. */
  readonly fits: boolean
  /** Within a few percent. */
  readonly proofBytes: number
}

/** What the process takes beside the prover's shared memory, in which instances are filled, and the trace. */
const HOST_BYTES = 190 * 2 ** 20
/** From the start of the process to its keys, threads and compiled code, and the check of the proof at the end. */
const START_SECONDS = 1.1
/** Executing, and counting and filling the witness of a step on one core; the first of them is done by one thread. */
const STEP_SECONDS = { execute: 0.45e-6, fill: 1.2e-6 } as const

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
  checkJobOptions(options)
  const { profile = 'std128', threads = availableParallelism() } = options
  return withProverSession(options, async (session) => {
    const { key, maxBytes, holdingBytes, keepingBytes } = session
    const { plan, statement } = await planToProve(key, program, options)
    try {
      const { steps, source, shards } = plan
      const traceBytes = plan.chunks.reduce((sum, { reads }) => sum + reads.byteLength, 0)
      const limits = { maxBytes, holdingBytes, keepingBytes }
      const estimate = estimateProof({ key, source, shards, profile, threads, ...limits })
      return {
        programDigest: programDigest(await programKeyOf(program.rom, session)),
        statement,
        steps,
        instances: shards.flatMap((positions, shard) =>
          positions.map((position) => {
            const { name, segment, rows, cells } = plan.instances[position]!
            return { air: name, segment, rows, cells, shard }
          }),
        ),
        shards: shards.length,
        cells: plan.instances.reduce((sum, { cells }) => sum + cells, 0),
        seconds: START_SECONDS + steps * (STEP_SECONDS.execute + STEP_SECONDS.fill / threads) + estimate.seconds,
        threads,
        memoryBytes: Math.round(estimate.memoryBytes) + traceBytes + HOST_BYTES,
        fits: estimate.fits,
        proofBytes: estimate.proofBytes,
      }
    } finally {
      await plan.close()
    }
  })
}
