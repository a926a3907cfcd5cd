import { describe, expect, test } from 'vitest'
import { nodeBinary, runUnder } from './node-versions.ts'
import { proofDigests } from './proof-digests.ts'

const here = await proofDigests(['reference', 'inline', '1 worker', '2 workers', '3 workers'])

describe('the bytes of a proof', () => {
  test.each(Object.entries(here))('%s: the same from every back end and number of workers', (name, digests) => {
    expect(new Set(Object.values(digests)).size, JSON.stringify(digests)).toBe(1)
    expect(Object.keys(digests).length, name).toBeGreaterThanOrEqual(4)
  })

  test('differ between runs', () => {
    const all = Object.values(here).map((digests) => digests['inline'])
    expect(new Set(all).size).toBe(all.length)
  })

  test.each([20, 22, 24])('are the same under Node %i', (major) => {
    const { node, digests } = runUnder(nodeBinary(major), ['2 workers'])
    expect(node).toMatch(new RegExp(`^v${major}\\.`))
    for (const [name, { inline }] of Object.entries(here)) expect(digests[name]?.['2 workers'], name).toBe(inline)
  })
})
