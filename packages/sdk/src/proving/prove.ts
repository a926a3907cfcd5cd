/** Proves that a program, run on an input, gave certain outputs. */

import { createHash } from 'node:crypto'
import { romHash, ZiskError } from '@zisk/core'
import { openFolderStore, type PieceStore, prove as proveWitness } from '@zisk/prover'
import { encodeProof, type ProfileName, programDigest, type ZiskStatement } from '@zisk/verifier'
import { abortable } from '../abort.ts'
import { createInput } from '../input.ts'
import { checkJobOptions } from '../job-options.ts'
import { runIdentity } from '../machine/proving-key.ts'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { type PhaseTime, ProgressClock, type ProgressEvent } from './progress.ts'
import { type ProvableRunOptions, planToProve } from './provable-run.ts'
import { type HostOptions, withProverSession } from './prover-session.ts'
import { verifyWithKey } from './verify.ts'

/** How to prove. */
export interface ProveOptions extends HostOptions, ProvableRunOptions {
  /** `std128` when absent. */
  readonly profile?: ProfileName | undefined
  readonly chunkSize?: number | undefined
  /** Whether to verify the proof before it is returned; true when absent. */
  readonly verify?: boolean | undefined
  /** Most committed cells of a shard; `DEFAULT_SHARD_CELLS` when absent. The same proof needs the same value. */
  readonly shardCells?: number | undefined
  /** Folder that keeps finished parts: a proof that was ended at any moment goes on from there, to the same bytes. */
  readonly workDir?: string | undefined
  /** Called when a phase begins, and within the long ones as they go on. */
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
  /** Cells of all instances, padding included, each with a quotient of its own, although those of a shard share one. */
  readonly cells: number
  readonly shards: number
}

/**
 * Runs a program and proves the run. The same program, input, profile and shard size give the same bytes.
 *
 * @throws GuestError when the run faults, does not end, or ends with an exit code that is not allowed
 * @throws AbortedError after the signal
 * @throws JobOptionError, InputError, JsonInputError, ExecutorError, ProverError, VerificationError
 */
export function prove(program: Program, options: ProveOptions = {}): Promise<ProvenRun> {
  return abortable(options.signal, () => proveRun(program, options))
}

async function proveRun(program: Program, options: ProveOptions): Promise<ProvenRun> {
  checkJobOptions(options)
  const { workDir, signal } = options
  if (workDir === undefined) return proveWith(program, options, undefined)
  const kept = openFolderStore(workDir)
  let used = false
  const watched: PieceStore = {
    ...kept,
    read: async (kind, madeFrom) => {
      const bytes = await kept.read(kind, madeFrom)
      used ||= bytes !== undefined
      return bytes
    },
  }
  try {
    return await proveWith(program, options, watched)
  } catch (error) {
    signal?.throwIfAborted()
    if (!used || isOfHost(error)) throw error
    // What was kept may be to blame, though its checksums are right: all of it is made again, once.
    return await proveWith(program, options, { ...kept, read: async () => undefined })
  }
}

/** Whether an error has nothing to do with what a work folder keeps. */
function isOfHost(error: unknown): boolean {
  if (!(error instanceof ZiskError)) return false
  return error.code === 'WORK_FOLDER_NOT_WRITABLE' || ['limitReached', 'interrupted'].includes(error.exitStatus)
}

async function proveWith(program: Program, options: ProveOptions, store: PieceStore | undefined): Promise<ProvenRun> {
  const { profile = 'std128', signal } = options
  const clock = new ProgressClock(options.onProgress)
  clock.enter('setup')
  return withProverSession(options, async (session) => {
    const { key, backend } = session
    const programKey = await programKeyOf(program.rom, session)
    const digest = programDigest(programKey)
    signal?.throwIfAborted()
    clock.enter('execute')
    const input = createInput(options.input ?? { kind: 'records', records: [] }, program.rom.memoryMap)
    const work = store && { store, identity: await identityOf(program, input) }
    const run = { ...options, input: { kind: 'ready', bytes: input } } as const
    const { plan, statement } = await planToProve(key, program, run, work)
    try {
      const shards = plan.shards.length
      const proof = encodeProof(
        await proveWitness({
          key,
          witness: clock.timed(plan.source),
          shards: plan.shards,
          programKey,
          profile,
          backend,
          onPhase: (phase, shard, within) => clock.enterProver(phase, { shard, shards }, within),
          onProgress: (progress) => clock.within(progress),
          ...(signal === undefined ? {} : { signal }),
          ...(work === undefined ? {} : { work }),
        }),
      )
      if (options.verify !== false) {
        clock.enter('verify')
        verifyWithKey(proof, key.prepared, digest, { acceptInsecure: true, allowFailure: true })
      }
      const { steps, instances } = plan
      const cells = instances.reduce((sum, instance) => sum + instance.cells, 0)
      const counts = { steps, instances: instances.length, cells, shards }
      return { proof, programDigest: digest, statement, phases: clock.finish(), ...counts }
    } finally {
      await plan.close()
    }
  })
}

/** What decides the columns of a run: code, program and input. */
async function identityOf({ rom }: Program, input: Uint8Array): Promise<Uint8Array> {
  const parts = [Buffer.from(await runIdentity()), romHash(rom), input]
  const digests = parts.map((part) => createHash('sha256').update(part).digest())
  return createHash('sha256').update(Buffer.concat(digests)).digest()
}
