/** What the parts of the WebAssembly back end share: the memory, kernels for the calling thread, and the workers. */
import {
  compileKernels,
  createKernels,
  createNttPlan,
  GENERATOR,
  type Kernels,
  mul,
  type NttPlan,
  nttTableBytes,
  type Offset,
  pow,
  rootOfUnity,
} from '@zisk/field'
import { Arena, type Region } from './arena.ts'
import { type Job, JobRunner } from './jobs.ts'

/** Runs jobs. */
export interface Runner {
  /** Number of jobs that run at the same time. */
  readonly width: number
  readonly run: (jobs: readonly Job[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** Transforms of one size: from values to coefficients, and from those to the values on each coset. */
export interface Transforms {
  readonly inverse: NttPlan
  /** By coset: 7 w^c times the subgroup, w of order 2^(logRows + logBlowup). */
  readonly cosets: readonly NttPlan[]
}

/** The shared parts. */
export class Engine {
  readonly arena: Arena
  readonly kernels: Kernels
  readonly runner: Runner
  readonly #transforms = new Map<string, Transforms>()

  constructor(arena: Arena, kernels: Kernels, runner: Runner) {
    this.arena = arena
    this.kernels = kernels
    this.runner = runner
  }

  /** The plans for a height and rate; made once. */
  transforms(logRows: number, logBlowup: number): Transforms {
    const key = `${logRows}:${logBlowup}`
    const known = this.#transforms.get(key)
    if (known !== undefined) return known
    const root = rootOfUnity(logRows + logBlowup)
    const plan = (direction: NttPlan['direction'], shift: bigint): NttPlan => {
      const tables = this.arena.reserve(nttTableBytes(logRows)).offset
      return createNttPlan(this.kernels, { direction, logN: logRows, tables, shift })
    }
    const made = {
      inverse: plan('inverse', 1n),
      cosets: Array.from({ length: 2 ** logBlowup }, (_, c) => plan('forward', mul(GENERATOR, pow(root, BigInt(c))))),
    }
    this.#transforms.set(key, made)
    return made
  }

  /** Runs work that reserves memory; when it throws, all that it reserved is free again. One at a time. */
  async session<T>(work: () => Promise<T>): Promise<T> {
    const before = this.arena.snapshot()
    const known = new Set(this.#transforms.keys())
    try {
      return await work()
    } catch (error) {
      this.arena.restore(before)
      for (const key of this.#transforms.keys()) if (!known.has(key)) this.#transforms.delete(key)
      throw error
    }
  }

  /** Cuts 0..count into at most `width` ranges whose bounds are multiples of `step`. */
  ranges(count: number, step: number): { readonly begin: number; readonly end: number }[] {
    const size = Math.ceil(count / this.runner.width / step) * step
    const ranges = []
    for (let begin = 0; begin < count; begin += size) ranges.push({ begin, end: Math.min(count, begin + size) })
    return ranges
  }

  /** A u32 list in memory. */
  list(values: readonly Offset[]): Region {
    const region = this.arena.reserve(4 * values.length)
    new Uint32Array(this.arena.memory.buffer, region.offset, values.length).set(values)
    return region
  }

  release(...regions: readonly Region[]): void {
    for (const region of regions) this.arena.release(region)
  }
}

/** Runs every job in the calling thread. */
export function createInlineEngine(maxBytes?: number): Engine {
  const arena = new Arena(1, maxBytes)
  const kernels = createKernels(compileKernels(), arena.memory, arena.scratch(0))
  const inline = new JobRunner(kernels, arena.memory)
  return new Engine(arena, kernels, {
    width: 1,
    run: async (jobs) => {
      for (const job of jobs) inline.run(job)
    },
    close: async () => {},
  })
}
