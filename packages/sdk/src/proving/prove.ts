/** Proves that a program, run on an input, gave certain outputs. */

import { buildWitness } from '@zisk/executor'
import { planShardCells, prove as proveWitness } from '@zisk/prover'
import { encodeProof, type ProfileName, profileNamed, programDigest, type ZiskStatement } from '@zisk/verifier'
import { abortable } from '../abort.ts'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { type PhaseTime, ProgressClock, type ProgressEvent } from './progress.ts'
import { type ProvableRunOptions, runToProve, statementOf } from './provable-run.ts'
import { type HostOptions, withProverSession } from './prover-session.ts'
import { verifyWithKey } from './verify.ts'

/** How to prove. */
export interface ProveOptions extends HostOptions, ProvableRunOptions {
  /** `std128` when absent. */
  readonly profile?: ProfileName | undefined
  readonly chunkSize?: number | undefined
  /** Whether to verify the proof before it is returned; true when absent. */
  readonly verify?: boolean | undefined
  /** Most committed cells of a shard; {@link defaultShardCells} when absent. The same proof needs the same value. */
  readonly shardCells?: number | undefined
  /** Called when a phase begins. */
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined
}

/** A proof with what it proves. */
export interface ProvenRun {
  /** The proof, to be written to a file or sent. */
  readonly proof: Uint8Array
  /** Names the program; what the verifier has to be told. */
  readonly programDigest: Uint8Array
  readonly statement: ZiskStatement
  readonly steps: number
  /** Wall time of each phase, in order. */
  readonly phases: readonly PhaseTime[]
  readonly instances: number
  readonly shards: number
}

/** log2 of the cells that a shard of a rate-1 profile may commit. */
const LOG_SHARD_CELLS = 28

/** Cells of a shard of a profile where none are given: about 2 GiB of extended columns. */
export function defaultShardCells(profile: ProfileName): number {
  return 2 ** (LOG_SHARD_CELLS - profileNamed(profile).logBlowup)
}

/**
 * Runs a program and proves the run. The same program, input, profile and shard size give the same bytes.
 *
 * @throws GuestError when the run faults, does not end, or ends with an exit code that is not allowed
 * @throws AbortedError after the signal
 * @throws InputError, JsonInputError, ExecutorError, ProverError, VerificationError
 */
export function prove(program: Program, options: ProveOptions = {}): Promise<ProvenRun> {
  return abortable(options.signal, () => proveRun(program, options))
}

async function proveRun(program: Program, options: ProveOptions): Promise<ProvenRun> {
  const { profile = 'std128', shardCells = defaultShardCells(profile), chunkSize, maxSteps, signal } = options
  const { rom } = program
  const clock = new ProgressClock(options.onProgress)
  clock.enter('execute')
  const { input, execution } = await runToProve(program, options)
  clock.enter('setup')
  return withProverSession(options, async (session) => {
    const { key, backend } = session
    const programKey = await programKeyOf(rom, session)
    const digest = programDigest(programKey)
    clock.enter('witness')
    const { witness, steps } = await buildWitness(key.program, rom, {
      input,
      framing: 'records',
      chunkSize,
      maxSteps,
      signal,
    })
    const shards = planShardCells(key, witness.instances, shardCells)
    const proof = encodeProof(
      await proveWitness({
        key,
        witness,
        shards,
        programKey,
        profile,
        backend,
        onPhase: (phase, shard, within) => clock.enterProver(phase, { shard, shards: shards.length }, within),
        ...(signal === undefined ? {} : { signal }),
      }),
    )
    if (options.verify !== false) {
      clock.enter('verify')
      verifyWithKey(proof, key.prepared, digest, { acceptInsecure: true, allowFailure: true })
    }
    return {
      proof,
      programDigest: digest,
      statement: statementOf(execution),
      steps,
      phases: clock.finish(),
      instances: witness.instances.length,
      shards: shards.length,
    }
  })
}
