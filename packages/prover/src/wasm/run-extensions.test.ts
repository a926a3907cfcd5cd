import { createHash } from 'node:crypto'
import { compileKernels, GENERATOR } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { Arena } from './arena.ts'
import { Engine } from './engine.ts'
import { type ExtendJob, hasExtendParts } from './extend-job.ts'
import { ROW_BYTES } from './extension.ts'
import { JobContexts } from './job-context.ts'
import { JobRunner } from './jobs.ts'
import { runExtensions } from './run-extensions.ts'

/** An engine of so many workers, whose jobs run here; the last first, since their order must not matter. */
function engineOfWidth(width: number): Engine {
  const arena = new Arena(1)
  const contexts = new JobContexts(compileKernels(), arena.scratch(0), () => arena.memories)
  const inline = new JobRunner(contexts)
  const run = async (jobs: Parameters<Engine['runner']['run']>[0]) => {
    for (const job of [...jobs].reverse()) inline.run(job)
  }
  return new Engine(arena, contexts, { width, run, close: async () => {} })
}

/** All columns of a panel are there. */
const WHOLE = { present: PANEL_WORDS, columns: PANEL_WORDS }

/** Digests of the values on two cosets of two panels of each height. */
async function extended(
  width: number,
  logHeights: readonly number[],
  withInverse: boolean,
  { present, columns }: { readonly present: number; readonly columns: number } = WHOLE,
): Promise<string[]> {
  const engine = engineOfWidth(width)
  const { arena } = engine
  const places: { readonly offset: number; readonly rows: number }[] = []
  const jobs = logHeights.flatMap((logRows) =>
    [0, 1].map((panel): ExtendJob => {
      const rows = 2 ** logRows
      const [src, first, last] = [0, 1, 2].map(() => arena.reserve(ROW_BYTES * rows).offset) as [number, number, number]
      const words = arena.words(src, 8 * rows)
      // Columns that are not there are zero, whether or not they are treated as if they were.
      for (let i = 0; i < words.length; i++)
        words[i] = i % PANEL_WORDS < present ? BigInt(i + 1) * BigInt(0x9e37_79b9_7f4a + panel) : 0n
      for (const at of [first, last]) arena.words(at, 8 * rows).fill(0x5a5a_5a5a_5a5an)
      places.push({ offset: first, rows }, { offset: last, rows })
      const cosets = [first, last].map((dst, c) => ({ plan: engine.forward(logRows, GENERATOR + BigInt(c), src), dst }))
      if (withInverse)
        return { kind: 'extend', columns, src, work: last, inverse: engine.inverse(logRows, src), cosets }
      return { kind: 'extend', columns, src, work: src, cosets }
    }),
  )
  await runExtensions(engine, jobs)
  return places.map(({ offset, rows }) =>
    createHash('sha256')
      .update(arena.bytes(offset, ROW_BYTES * rows).slice())
      .digest('hex'),
  )
}

describe('extensions cut into parts', () => {
  test.each([true, false])('give what whole ones give, interpolation %s', async (withInverse) => {
    const heights = [13, 14, 9]
    const whole = await extended(1, heights, withInverse)
    for (const width of [2, 5]) expect(await extended(width, heights, withInverse)).toEqual(whole)
  })

  test.each([1, 2, 3, 4, 5, 6, 7])('of %i columns give what those of all columns give', async (present) => {
    for (const withInverse of [true, false]) {
      const all = await extended(1, [13, 9], withInverse, { present, columns: PANEL_WORDS })
      for (const width of [1, 3])
        expect(await extended(width, [13, 9], withInverse, { present, columns: present })).toEqual(all)
    }
  })

  test('only those in two sweeps are cut', () => {
    const engine = engineOfWidth(2)
    const job = (log: number): ExtendJob => {
      return { kind: 'extend', columns: PANEL_WORDS, src: 0, work: 0, inverse: engine.inverse(log, 0), cosets: [] }
    }
    expect([9, 12, 13, 14].map((log) => hasExtendParts(job(log)))).toEqual([false, false, true, true])
  })
})
