/** How far a proof is: its phases, measured and weighed. */

import type { Phase, PhaseProgress } from '@zisk/prover'

/** Phases of a proof from the command line's point of view, in order. */
export type ProvePhase = 'execute' | 'setup' | 'witness' | Phase | 'verify'

/** A phase that begins. Fractions are of the whole job, estimated from the shape of the run. */
export interface ProgressEvent {
  readonly phase: ProvePhase
  /** Share of the work that is done. */
  readonly done: number
  /** Share of the work of the phase itself. */
  readonly weight: number
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
  ['execute', 0.01],
  ['setup', 0.04],
  ['witness', 0.2],
  ['prove', 0.73],
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
  #current: { readonly phase: ProvePhase; readonly since: number } | undefined

  constructor(onProgress: ((event: ProgressEvent) => void) | undefined) {
    this.#onProgress = onProgress
  }

  /** A phase of this package begins. */
  enter(phase: 'execute' | 'setup' | 'witness' | 'verify'): void {
    this.#begin({ phase, ...shareBefore(phase) })
  }

  /** A phase of the prover begins. */
  enterProver(phase: Phase, { shard, shards }: { shard: number; shards: number }, within: PhaseProgress): void {
    const whole = shareBefore('prove')
    const [done, weight] = [whole.done + whole.weight * within.done, whole.weight * within.weight]
    this.#begin({ phase, done, weight, shard, shards })
  }

  /** Ends the last phase. */
  finish(): readonly PhaseTime[] {
    this.#end()
    return [...this.#seconds].map(([phase, seconds]) => ({ phase, seconds }))
  }

  #begin(event: ProgressEvent): void {
    this.#end()
    this.#current = { phase: event.phase, since: performance.now() }
    this.#onProgress?.(event)
  }

  #end(): void {
    if (this.#current === undefined) return
    const { phase, since } = this.#current
    this.#seconds.set(phase, (this.#seconds.get(phase) ?? 0) + (performance.now() - since) / 1000)
    this.#current = undefined
  }
}
