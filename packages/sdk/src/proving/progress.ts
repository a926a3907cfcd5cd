/** How far a proof is: its phases, measured and weighed. */

import type { WitnessSource } from '@zisk/air'
import type { Phase, PhaseProgress } from '@zisk/prover'

/**
 * Phases of a proof, in order. `execute` runs the program, counts and plans; `witness` fills columns, whenever `stage1`
 * asks for them: it has a time, but does not begin.
 */
export type ProvePhase = 'setup' | 'execute' | 'witness' | Phase | 'verify'

/** Names of the phases for people. */
export const PHASE_NAMES: Readonly<Record<ProvePhase, string>> = {
  setup: 'setup',
  execute: 'execute and plan',
  witness: 'fill witness',
  stage1: 'commit witness',
  stage2: 'lookups',
  quotient: 'quotient',
  openings: 'openings',
  folding: 'folding',
  queries: 'queries',
  verify: 'verify',
}

/** A phase that begins, or goes on. Fractions are of the whole job, estimated from the shape of the run. */
export interface ProgressEvent {
  readonly phase: ProvePhase
  /** Share of the work that is done. */
  readonly done: number
  /** Share of the work that is left of the phase itself. */
  readonly weight: number
  /** Set where the phase began before. */
  readonly within?: true
  /** Shard of the phase, from 0, and number of shards; once they are known. */
  readonly shard?: number
  readonly shards?: number
}

/** Wall time of a phase. */
export interface PhaseTime {
  readonly phase: ProvePhase
  readonly seconds: number
}

/** Shares of the work before and after the prover's own phases, in order. */
const SHARES: readonly (readonly [ProvePhase | 'prove', number])[] = [
  ['setup', 0.03],
  ['execute', 0.05],
  ['prove', 0.9],
  ['verify', 0.02],
]

function shareBefore(name: ProvePhase | 'prove'): PhaseProgress {
  let done = 0
  for (const [phase, weight] of SHARES) {
    if (phase === name) return { done, weight }
    done += weight
  }
  return { done, weight: 0 }
}

/** Reports phases as they begin and adds their times up; a phase may come several times, once per shard. */
export class ProgressClock {
  readonly #seconds = new Map<ProvePhase, number>()
  readonly #onProgress: ((event: ProgressEvent) => void) | undefined
  #witnessSeconds = 0
  #current: { readonly event: ProgressEvent; readonly since: number } | undefined

  constructor(onProgress: ((event: ProgressEvent) => void) | undefined) {
    this.#onProgress = onProgress
  }

  /** A phase of this package begins. */
  enter(phase: 'setup' | 'execute' | 'verify'): void {
    this.#begin({ phase, ...shareBefore(phase) })
  }

  /** A phase of the prover begins. */
  enterProver(phase: Phase, { shard, shards }: { shard: number; shards: number }, within: PhaseProgress): void {
    const whole = shareBefore('prove')
    const [done, weight] = [whole.done + whole.weight * within.done, whole.weight * within.weight]
    this.#begin({ phase, done, weight, shard, shards })
  }

  /** The phase of the prover goes on. */
  within(progress: PhaseProgress): void {
    const { event } = this.#current ?? {}
    const whole = shareBefore('prove')
    const [done, weight] = [whole.done + whole.weight * progress.done, whole.weight * progress.weight]
    if (event !== undefined) this.#onProgress?.({ ...event, done, weight, within: true })
  }

  /** A source whose time counts as phase `witness`, not as part of the phase that asks. */
  timed(source: WitnessSource): WitnessSource {
    return {
      instances: source.instances,
      publics: source.publics,
      proofValues: source.proofValues,
      stop: async () => source.stop?.(),
      instance: async (...request) => {
        const start = performance.now()
        try {
          return await source.instance(...request)
        } finally {
          this.#witnessSeconds += (performance.now() - start) / 1000
        }
      },
    }
  }

  /** Ends the last phase. */
  finish(): readonly PhaseTime[] {
    this.#end()
    return [...this.#seconds].flatMap(([phase, seconds]): PhaseTime[] =>
      phase === 'stage1'
        ? [
            { phase: 'witness', seconds: this.#witnessSeconds },
            { phase, seconds: Math.max(0, seconds - this.#witnessSeconds) },
          ]
        : [{ phase, seconds }],
    )
  }

  #begin(event: ProgressEvent): void {
    this.#end()
    this.#current = { event, since: performance.now() }
    this.#onProgress?.(event)
  }

  #end(): void {
    if (this.#current === undefined) return
    const { event, since } = this.#current
    const { phase } = event
    this.#seconds.set(phase, (this.#seconds.get(phase) ?? 0) + (performance.now() - since) / 1000)
    this.#current = undefined
  }
}
