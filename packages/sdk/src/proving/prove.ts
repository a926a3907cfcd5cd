/** Proves that a program, run on an input, gave certain outputs. */

import { buildWitness } from '@zisk/executor'
import { type Phase, prove as proveWitness } from '@zisk/prover'
import { encodeProof, type ProfileName, programDigest, type ZiskStatement } from '@zisk/verifier'
import { type Execution, execute, outcomeError } from '../execute.ts'
import { createInput, type InputSource } from '../input.ts'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { type HostOptions, withProverSession } from './prover-session.ts'
import { verifyWithKey } from './verify.ts'

/** How to prove. */
export interface ProveOptions extends HostOptions {
  /** An empty input when absent. */
  readonly input?: InputSource | undefined
  /** `std128` when absent. */
  readonly profile?: ProfileName | undefined
  readonly chunkSize?: number | undefined
  readonly maxSteps?: number | undefined
  /** Proves a run whatever exit code it ends with. */
  readonly allowFailure?: boolean | undefined
  /** Whether to verify the proof before it is returned; true when absent. */
  readonly verify?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Called when a phase begins. */
  readonly onPhase?: ((phase: ProvePhase) => void) | undefined
}

/** Phases of {@link prove}, in order. */
export type ProvePhase = 'execute' | 'setup' | 'witness' | Phase | 'verify'

/** A proof with what it proves. */
export interface ProvenRun {
  /** The proof, to be written to a file or sent. */
  readonly proof: Uint8Array
  /** Names the program; what the verifier has to be told. */
  readonly programDigest: Uint8Array
  readonly statement: ZiskStatement
  readonly steps: number
  /** Wall time of each phase, in order. */
  readonly phases: readonly { readonly phase: ProvePhase; readonly seconds: number }[]
}

/**
 * Runs a program and proves the run. The same program, input and profile give the same bytes.
 *
 * @throws GuestError when the run faults, does not end, is aborted, or ends with an exit code that is not allowed
 * @throws InputError, JsonInputError, ExecutorError, ProverError, VerificationError
 */
export async function prove(program: Program, options: ProveOptions = {}): Promise<ProvenRun> {
  const { profile = 'std128', signal } = options
  const { rom } = program
  const input = createInput(options.input ?? { kind: 'records', records: [] }, rom.memoryMap)
  const clock = new PhaseClock(options.onPhase)
  clock.enter('execute')
  const { chunkSize, maxSteps } = options
  const execution = await execute(program, { input: { kind: 'ready', bytes: input }, maxSteps, signal })
  const failure = outcomeError(execution)
  if (failure !== undefined && !(failure.code === 'GUEST_EXIT' && options.allowFailure === true)) throw failure
  clock.enter('setup')
  return withProverSession(options, async (session) => {
    const { key, backend } = session
    const programKey = await programKeyOf(rom, session)
    const digest = programDigest(programKey)
    clock.enter('witness')
    const run = await buildWitness(key.program, rom, { input, framing: 'records', chunkSize, maxSteps })
    const statement = statementOf(execution)
    const proof = encodeProof(
      await proveWitness({
        key,
        witness: run.witness,
        programKey,
        profile,
        backend,
        onPhase: (phase) => clock.enter(phase),
        ...(signal === undefined ? {} : { signal }),
      }),
    )
    if (options.verify !== false) {
      clock.enter('verify')
      verifyWithKey(proof, key.prepared, digest, { acceptInsecure: true, allowFailure: true })
    }
    return { proof, programDigest: digest, statement, steps: run.steps, phases: clock.finish() }
  })
}

/** What the proof of a finished run will state. */
function statementOf({ outcome, program }: Execution): ZiskStatement {
  if (outcome.kind !== 'exited') throw new Error(`a finished run expected, got ${outcome.kind}`)
  return { outputs: outcome.publics, exitCode: program.rom.exitMode === 'bound' ? outcome.exitWord : undefined }
}

/** Measures phases, which may alternate when there are several shards. */
class PhaseClock {
  readonly #seconds = new Map<ProvePhase, number>()
  readonly #onPhase: ((phase: ProvePhase) => void) | undefined
  #current: { readonly phase: ProvePhase; readonly since: number } | undefined

  constructor(onPhase: ((phase: ProvePhase) => void) | undefined) {
    this.#onPhase = onPhase
  }

  enter(phase: ProvePhase): void {
    this.#leave()
    this.#current = { phase, since: performance.now() }
    this.#onPhase?.(phase)
  }

  finish(): { phase: ProvePhase; seconds: number }[] {
    this.#leave()
    return [...this.#seconds].map(([phase, seconds]) => ({ phase, seconds }))
  }

  #leave(): void {
    if (this.#current === undefined) return
    const { phase, since } = this.#current
    this.#seconds.set(phase, (this.#seconds.get(phase) ?? 0) + (performance.now() - since) / 1000)
    this.#current = undefined
  }
}
