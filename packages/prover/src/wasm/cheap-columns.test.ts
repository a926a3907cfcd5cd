import { type FixedContent, materializeFixed } from '@zisk/air'
import { GENERATOR, mul, rootOfUnity } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { CHEAP_WORK_BYTES, cheapValues, hasCheapValues } from './cheap-columns.ts'
import { createInlineEngine } from './engine.ts'
import { columnIn, loadColumns } from './extension.ts'
import { runExtensions } from './run-extensions.ts'

type Pattern = Extract<FixedContent, { kind: 'pattern' }>

const pattern = (head: readonly bigint[], cycle: readonly bigint[], tail: readonly bigint[]): Pattern => {
  return { kind: 'pattern', head, cycle, tail }
}
const counting = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i * i + 1))

describe('cheap columns on a coset', () => {
  test('equal their interpolation', async () => {
    const contents = [
      pattern([], [5n], []),
      pattern([1n], [0n], []),
      pattern([], [0n], [1n]),
      pattern([7n, 0n], [0n, 1n], [3n]),
      pattern([4n], counting(4), []),
      pattern([9n, 8n, 7n], counting(64), [1n, 2n, 3n, 4n, 5n]),
    ]
    for (const logRows of [6, 11]) {
      const engine = createInlineEngine()
      const [rows, root] = [2 ** logRows, rootOfUnity(logRows)]
      const shift = mul(GENERATOR, rootOfUnity(logRows + 1))
      const columns = contents.map((content) => materializeFixed(content, rows, ''))
      const { trace } = await loadColumns(engine, { logRows, columns })
      for (const { offset } of trace!) {
        const cosets = [{ plan: engine.forward(logRows, shift, offset), dst: offset }]
        const inverse = engine.inverse(logRows, offset)
        await runExtensions(engine, [{ kind: 'extend', columns: 8, src: offset, work: offset, inverse, cosets }])
      }
      for (const [i, content] of contents.entries()) {
        expect(hasCheapValues(content)).toBe(true)
        const [dst, work] = engine.arena.reserveTogether([8 * rows, CHEAP_WORK_BYTES])
        const places = { dst: dst!.offset, work: work!.offset }
        const values = cheapValues(content, logRows, shift)
        for (const range of engine.ranges(rows, Math.max(2, content.cycle.length)))
          await engine.runner.run([{ kind: 'cheap', ...values, shift, root, ...places, ...range }])
        const at = columnIn(trace!, i)
        const expected = Array.from({ length: rows }, (_, row) => engine.arena.words(at + 64 * row, 1)[0]!)
        expect([...engine.arena.words(dst!.offset, rows)]).toEqual(expected)
      }
    }
  })

  test('columns that differ from their period in many rows are not of this kind', () => {
    expect(hasCheapValues(pattern(counting(9), [0n], []))).toBe(false)
    expect(hasCheapValues({ kind: 'external', file: '', column: 0 })).toBe(false)
  })
})
