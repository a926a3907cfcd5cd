import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareRandomModule } from './compare-random.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zisk-random-wasm-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('random modules as ELFs do what they do in Node', () => {
  const seen = { calls: 0, traps: new Set<string>() }

  test.each([1, 2, 3, 4, 5, 6])('seed %i', async (seed) => {
    const { calls, traps, difference } = await compareRandomModule(seed, folder, 6)
    expect(difference).toBeUndefined()
    seen.calls += calls
    for (const trap of traps) seen.traps.add(trap)
  })

  test('much of it ran, and some of it trapped', () => {
    expect(seen.calls).toBeGreaterThan(300)
    expect(seen.traps.size).toBeGreaterThan(1)
  })
})
