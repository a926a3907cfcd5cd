/** Running column programs over all rows of an instance, in parallel. */
import type { Region } from './arena.ts'
import type { ColumnProgram, LeafPlace } from './column-program.ts'
import { BLOCK_ROWS } from './column-program.ts'
import type { Engine } from './engine.ts'
import type { OutputPlace } from './jobs.ts'

/** Runs a program over `rows` rows; the outputs go where `outputs` says. */
export async function runOverRows(
  engine: Engine,
  program: ColumnProgram,
  leaves: readonly LeafPlace[],
  rows: number,
  outputs: readonly OutputPlace[],
): Promise<void> {
  const work: Region[] = []
  const jobs = engine.ranges(rows, Math.min(rows, BLOCK_ROWS)).map((range) => {
    const region = engine.arena.reserve(program.workBytes)
    work.push(region)
    return { kind: 'program' as const, program, leaves, work: region.offset, rows, ...range, outputs }
  })
  await engine.runner.run(jobs)
  engine.release(...work)
}
