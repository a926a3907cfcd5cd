/** How far a proof is: the share of each phase in the work, estimated from the shape of its shards. */
import type { ShardLayout } from '@zisk/verifier'

/** Phases of a proof, in order. */
export type Phase = 'stage1' | 'stage2' | 'quotient' | 'openings' | 'folding' | 'queries'

/** Where in the work a phase lies; fractions of the whole. */
export interface PhaseProgress {
  /** Share of the work that is done when the phase begins. */
  readonly done: number
  /** Share of the work of the phase itself. */
  readonly weight: number
}

const PHASES: readonly Phase[] = ['stage1', 'stage2', 'quotient', 'openings', 'folding', 'queries']

/**
 * Nanoseconds on one core: by committed cell of stage 1 and 2 and coset, by cell, by position of the folded codeword.
 *
 * Calibrated with `pnpm bench zkvm` at 2^14, 2^18 and 2^20 steps on two cores and Node 20, whose last line for each run is
 * what was predicted divided by what was measured. On a busy host wall time says nothing: there the processor time of the
 * whole process was taken, times 0.61, which is wall time by processor time of the same proofs on the idle host.
 */
const COST = { extendedCell: 47, sumCell: 20, constraintCell: 48, openedCell: 12, position: 190, work: 5e7 } as const

/** Share of that for which jobs account by their own estimates; the rest is first touches of memory and serial work. */
const JOB_SHARE: Readonly<Record<Phase, number>> = {
  stage1: 0.57,
  stage2: 1,
  quotient: 0.52,
  openings: 0.83,
  folding: 0.8,
  queries: 0.2,
}

/** Follows the phases of a proof. Stage 1 of all shards comes first, and again for those that are not held. */
export function createProgress(
  layouts: readonly ShardLayout[],
  held: ReadonlySet<number>,
): (phase: Phase, shard: number) => PhaseProgress {
  const costs = layouts.map(phaseCosts)
  const total = estimatedWork(layouts, held)
  let done = 0
  return (phase, shard) => {
    // A shard that was to be held and had to make room is more than was expected.
    const before = Math.min(1, done / total)
    const progress = { done: before, weight: Math.min(1 - before, costs[shard]![phase] / total) }
    done += costs[shard]![phase]
    return progress
  }
}

/** Nanoseconds of a phase that the estimates of its jobs add up to, of those that it takes. */
export function jobWork(phase: Phase, nanoseconds: number): number {
  return JOB_SHARE[phase] * nanoseconds
}

/** Nanoseconds of one core that proving the shards takes, about. */
export function estimatedWork(layouts: readonly ShardLayout[], held: ReadonlySet<number>): number {
  const costs = layouts.map(phaseCosts)
  const again = costs.filter((_, k) => !held.has(k)).reduce((sum, cost) => sum + cost.stage1, 0)
  return costs.reduce((sum, cost) => sum + PHASES.reduce((all, phase) => all + cost[phase], 0), again)
}

/** Share of the whole between two reports. */
const STEP = 0.01
/** A phase is not called done before the next one begins: its work is an estimate. */
const MOST = 0.97

/** Follows the work within phases. */
export class WorkMeter {
  readonly #onProgress: ((progress: PhaseProgress) => void) | undefined
  #phase: PhaseProgress = { done: 0, weight: 0 }
  /** Work of the phase, estimated and done, in nanoseconds of one core. */
  #expected = 0
  #worked = 0
  #reported = 0

  constructor(onProgress: ((progress: PhaseProgress) => void) | undefined) {
    this.#onProgress = onProgress
  }

  /** A phase begins. @param nanoseconds that the estimates of its jobs add up to, about */
  enter(phase: PhaseProgress, nanoseconds: number): void {
    this.#phase = phase
    this.#expected = nanoseconds
    this.#worked = 0
    this.#reported = phase.done
  }

  /** A piece of work of the phase is done. */
  add(nanoseconds: number): void {
    this.#worked += nanoseconds
    const { done, weight } = this.#phase
    const within = Math.min(this.#worked / this.#expected, MOST) * weight
    if (!(done + within >= this.#reported + STEP)) return
    this.#reported = done + within
    this.#onProgress?.({ done: done + within, weight: weight - within })
  }
}

function phaseCosts({ instances, logBlowup, logPositions }: ShardLayout): Readonly<Record<Phase, number>> {
  const cells = (columns: (shape: ShardLayout['instances'][number]['shape']) => number): number =>
    instances.reduce((sum, { shape, logRows }) => sum + columns(shape) * 2 ** logRows, 0)
  const [first, second] = [cells(({ stage1 }) => stage1.length), cells(({ stage2 }) => 3 * stage2.length)]
  const extended = COST.extendedCell * 2 ** logBlowup
  const positions = COST.position * 2 ** logPositions
  return {
    stage1: first * extended,
    stage2: second * (extended + COST.sumCell),
    quotient: (first + second) * COST.constraintCell,
    openings: (first + second) * COST.openedCell + 2 * positions,
    folding: positions,
    queries: COST.work,
  }
}
