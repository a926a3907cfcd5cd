/** The pieces of a quotient from its values on both cosets, and the sum of those of several heights. */
import { inv, pow, sub } from '@zisk/field'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'
import { cosetShift } from './extension.ts'
import type { Job } from './jobs.ts'
import { JOIN_WORK_BYTES } from './join-job.ts'
import { logPieceBlock, PIECES_WORK_BYTES, type PieceCoset } from './pieces-job.ts'
import { columnBytes, reversedBasePowers } from './planar.ts'

/** From the coefficients of both cosets to those of the pieces; `work` holds {@link separationBytes}. */
export async function separatePieces(engine: Engine, panel: Region, work: Region, logRows: number): Promise<void> {
  const rows = 2 ** logRows
  const logBlock = logPieceBlock(logRows)
  const cosets = [0, 1].map((c): PieceCoset => {
    const shift = cosetShift(logRows, 1, c)
    const unshift = inv(shift)
    const powers = work.offset + c * columnBytes(2 ** logBlock)
    reversedBasePowers(engine, pow(unshift, BigInt(rows / 2 ** logBlock)), logBlock, powers)
    return { unshift, powers, constant: pow(shift, BigInt(rows)) }
  }) as [PieceCoset, PieceCoset]
  const scale = inv(sub(cosets[0].constant, cosets[1].constant))
  const first = work.offset + 2 * columnBytes(2 ** logBlock)
  const jobs = engine.ranges(rows, 2 ** logBlock).map((range, i): Job => {
    const place = first + i * PIECES_WORK_BYTES
    return { kind: 'pieces', panel: panel.offset, logRows, cosets, scale, work: place, ...range }
  })
  await engine.runner.run(jobs)
}

/** Adds the pieces of a height to those of a greater one; `work` holds {@link joiningBytes}, all are in one memory. */
export async function joinPieces(
  engine: Engine,
  from: { readonly lower: Region; readonly logRows: number },
  to: { readonly panel: Region; readonly logRows: number },
  work: Region,
): Promise<void> {
  const step = 2 ** logPieceBlock(from.logRows)
  const jobs = engine.ranges(2 ** from.logRows, step).map(
    (range, i): Job => ({
      kind: 'join',
      lower: from.lower.offset,
      panel: to.panel.offset,
      logRatio: to.logRows - from.logRows,
      work: work.offset + i * JOIN_WORK_BYTES,
      ...range,
    }),
  )
  await engine.runner.run(jobs)
}

/** Work space of {@link joinPieces} for pieces of this height. */
export function joiningBytes(engine: Engine, logRows: number): number {
  return engine.ranges(2 ** logRows, 2 ** logPieceBlock(logRows)).length * JOIN_WORK_BYTES
}

/** Work space of {@link separatePieces}. */
export function separationBytes(engine: Engine, logRows: number): number {
  const block = 2 ** logPieceBlock(logRows)
  return 2 * columnBytes(block) + engine.ranges(2 ** logRows, block).length * PIECES_WORK_BYTES
}
