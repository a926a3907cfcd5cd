import { expect, test } from 'vitest'
import { type PhaseProgress, WorkMeter } from './progress.ts'

/** The reports within one phase that is estimated at 1000 ns, a quarter of the whole from the half on. */
function reports(...pieces: readonly number[]): readonly PhaseProgress[] {
  const seen: PhaseProgress[] = []
  const meter = new WorkMeter((progress) => seen.push(progress))
  meter.enter({ done: 0.5, weight: 0.25 }, 1000)
  for (const piece of pieces) meter.add(piece)
  return seen
}

test('a phase moves on with its work, in steps of a hundredth of the whole', () => {
  expect(reports(400, 1, 399)).toEqual([
    { done: 0.6, weight: 0.15 },
    { done: expect.closeTo(0.7), weight: expect.closeTo(0.05) },
  ])
})

test('a phase that takes longer than estimated is not called done', () => {
  const last = reports(5000, 5000).at(-1)!
  expect(last.done).toBeLessThan(0.75)
  expect(last.weight).toBeGreaterThan(0)
  expect(last.done + last.weight).toBeCloseTo(0.75)
})

test('work before any phase, and phases without weight, are not reported', () => {
  const seen: PhaseProgress[] = []
  const meter = new WorkMeter((progress) => seen.push(progress))
  meter.add(100)
  meter.enter({ done: 0.2, weight: 0 }, 0)
  meter.add(100)
  expect(seen).toEqual([])
})
