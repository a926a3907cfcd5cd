/** The fixed columns of an instance that are not committed, on one of the two cosets of the quotient. */
import { NODE } from '@zisk/air'
import { rootOfUnity } from '@zisk/field'
import type { QuotientRequest } from '../backend/backend.ts'
import type { Address, Region } from './arena.ts'
import { CHEAP_WORK_BYTES, cheapValues, hasCheapValues } from './cheap-columns.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob } from './extend-job.ts'
import { columnIn, cosetShift, loadColumns, type Panels, panelColumns } from './extension.ts'
import type { Job } from './jobs.ts'
import { runExtensions } from './run-extensions.ts'

/** Where the fixed columns that are not committed lie on one of the two cosets. */
export async function cheapColumns(
  engine: Engine,
  request: QuotientRequest,
  i: number,
  c: number,
): Promise<{ readonly places: ReadonlyMap<number, Address>; readonly regions: readonly Region[] }> {
  const { shape, logRows } = request.layout.instances[i]!
  const { kinds, a } = shape.air.expressions
  const used = new Set<number>()
  for (const [id, kind] of kinds.entries()) if (kind === NODE.fixed && !shape.fixed.includes(a[id]!)) used.add(a[id]!)
  const columns = [...used].sort((x, y) => x - y)
  const [shift, root, rows] = [cosetShift(logRows, 1, c), rootOfUnity(logRows), 2 ** logRows]
  const places = new Map<number, Address>()
  const regions: Region[] = []
  const temporary: Region[] = []
  const jobs: Job[] = []
  const others: number[] = []
  for (const column of columns) {
    const { content } = shape.air.fixed[column]!
    if (!hasCheapValues(content)) {
      others.push(column)
      continue
    }
    const ranges = engine.ranges(rows, Math.max(2, content.cycle.length))
    const [region, work] = engine.arena.reserveTogether([8 * rows, ranges.length * CHEAP_WORK_BYTES]) as [
      Region,
      Region,
    ]
    regions.push(region)
    temporary.push(work)
    places.set(column, region.offset)
    const values = cheapValues(content, logRows, shift)
    for (const [r, range] of ranges.entries()) {
      const place = { dst: region.offset, work: work.offset + r * CHEAP_WORK_BYTES }
      jobs.push({ kind: 'cheap', ...values, shift, root, ...place, ...range })
    }
  }
  await engine.runner.run(jobs)
  engine.release(...temporary)
  const panels = await interpolatedColumns(engine, request, i, c, others)
  for (const [k, column] of others.entries()) places.set(column, columnIn(panels, k))
  return { places, regions: [...regions, ...panels] }
}

/** Columns on one of the two cosets by transforms. */
async function interpolatedColumns(
  engine: Engine,
  request: QuotientRequest,
  i: number,
  c: number,
  columns: readonly number[],
): Promise<Panels> {
  const { logRows } = request.layout.instances[i]!
  const { fixed } = request.instances[i]!
  const { trace } = await loadColumns(engine, { logRows, columns: columns.map((column) => fixed(column)) })
  const panels = trace ?? []
  const shift = cosetShift(logRows, 1, c)
  await runExtensions(
    engine,
    panels.map(({ offset }, p): ExtendJob => {
      const cosets = [{ plan: engine.forward(logRows, shift, offset), dst: offset }]
      const inverse = engine.inverse(logRows, offset)
      return { kind: 'extend', columns: panelColumns(columns.length, p), src: offset, work: offset, inverse, cosets }
    }),
  )
  return panels
}
