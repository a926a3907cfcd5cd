/** The search for the smallest nonce with enough work, round by round on all workers. */
import type { WorkSource } from '../backend/backend.ts'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'
import { GRIND_WORK_BYTES, type GrindJob } from './grind-job.ts'
import { nextTurn } from './next-turn.ts'

/** Nonces of a job, and jobs of a round for each worker. */
const COUNT = 16384
const JOBS_PER_WORKER = 4

/** The smallest nonce that shows `bits` bits of work, bits <= 32. */
export async function grind(engine: Engine, work: WorkSource, bits: number): Promise<bigint> {
  const { arena, runner } = engine
  const template = work.workTemplate()
  const places = Array.from({ length: JOBS_PER_WORKER * runner.width }, () => {
    const [work, found] = arena.reserveTogether([GRIND_WORK_BYTES, 8]) as [Region, Region]
    arena.clear(found)
    return { work, found }
  })
  let first = 0
  for (;;) {
    const jobs = places.map((place, i): GrindJob => {
      const [at, found] = [place.work.offset, place.found.offset]
      return { kind: 'grind', template, bits, first: first + i * COUNT, count: COUNT, work: at, found }
    })
    await runner.run(jobs)
    // Jobs are in the order of their nonces.
    const found = places.map((place) => arena.words(place.found.offset, 1)[0]!).find((nonce) => nonce !== 0n)
    if (found !== undefined) {
      engine.release(...places.flatMap((place) => [place.work, place.found]))
      return found - 1n
    }
    first += jobs.length * COUNT
    // Signals have a turn between rounds, also where jobs run in this thread.
    await nextTurn()
  }
}
