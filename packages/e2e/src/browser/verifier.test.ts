import { gzipSync } from 'node:zlib'
import { P } from '@zisk/field'
import { decodeProof, encodeProof, type Proof, type ShardProof, verify } from '@zisk/verifier'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ProvedTables, proveTables, TABLE_OPTIONS } from '../proving/proved-tables.ts'
import type { TableSpec } from '../proving/table-machine.ts'
import { bundleForBrowser, bundleVerifier } from './bundle.ts'
import { startChromium } from './chromium.ts'
import { openVerifierPage, type PageProof } from './verify-in-page.ts'

const MAX_GZIPPED_BYTES = 40 * 1024
const TABLES: readonly TableSpec[] = [
  { logRows: 10, width: 12, fixed: 2, terms: 4 },
  { logRows: 6, width: 5, fixed: 0, terms: 2 },
]

let browser: Browser
let proved: ProvedTables

beforeAll(async () => {
  proved = await proveTables(TABLES, ['test', 'small128'], 1)
  browser = await startChromium()
})
afterAll(() => browser?.close())

/** Damage of every kind: bits, lengths, values that stay well formed, other statements. */
function tampered(bytes: Uint8Array): PageProof[] {
  const { programDigest } = TABLE_OPTIONS
  const proof = decodeProof(bytes)
  const flipped = Array.from({ length: 60 }, (_, i) => {
    const copy = bytes.slice()
    copy[Math.floor((i * bytes.length) / 60)]! ^= 1 << (i % 8)
    return copy
  })
  const lengths = [0, 1, 40, 200, bytes.length >> 1, bytes.length - 1].map((length) => bytes.slice(0, length))
  const longer = Uint8Array.from([...bytes, 0])
  const proofs = [...flipped, ...lengths, longer, ...changedValues(proof).map(encodeProof)]
  return [
    ...proofs.map((damaged) => ({ bytes: damaged, programDigest })),
    { bytes, programDigest: programDigest.map((byte) => byte ^ 1) },
  ]
}

function changedValues(proof: Proof): Proof[] {
  const [shard] = proof.shards as [ShardProof]
  const root = shard.stage1Root.map((byte) => byte ^ 128)
  const first = [(shard.evaluations[0]![0] + 1n) % P, 0n, 0n] as const
  const changes: Partial<ShardProof>[] = [
    { stage1Root: root },
    { stage2Root: root },
    { quotientRoot: root },
    { evaluations: [first, ...shard.evaluations.slice(1)] },
    { evaluations: [[P, 0n, 0n], ...shard.evaluations.slice(1)] },
    { finalPolynomial: [first, ...shard.finalPolynomial.slice(1)] },
    { foldingRoots: shard.foldingRoots.map(() => root) },
    { nonce: shard.nonce + 1n },
    { instances: [...shard.instances].reverse() },
    { instances: shard.instances.slice(1) },
    { openings: [...shard.openings].reverse() },
    { openings: shard.openings.map((opening) => ({ ...opening, siblings: [] })) },
    {
      foldingOpenings: shard.foldingOpenings.map((opening) => ({ ...opening, rows: opening.rows.map((x) => x ^ 1n) })),
    },
  ]
  return [
    ...changes.map((change) => ({ ...proof, shards: [{ ...shard, ...change }] })),
    { ...proof, profile: 1 },
    { ...proof, profile: 77 },
    { ...proof, hash: 2 },
    { ...proof, publics: [1n] },
    { ...proof, shards: [shard, shard] },
    { ...proof, setupDigest: root },
  ]
}

describe('the verifier in Chromium', () => {
  test('gives the results of Node for good and damaged proofs', async () => {
    const page = await openVerifierPage(browser, proved.key.verifyingKey)
    for (const [profile, bytes] of proved.proofs) {
      const good = { bytes, programDigest: TABLE_OPTIONS.programDigest }
      const proofs = [good, ...tampered(bytes), good]
      const expected = proofs.map((proof) => {
        const result = verify(proof.bytes, proved.key.prepared, {
          ...TABLE_OPTIONS,
          programDigest: proof.programDigest,
        })
        return result.ok ? 'ok' : result.error.code
      })
      expect(
        expected.flatMap((outcome, i) => (outcome === 'ok' ? [i] : [])),
        profile,
      ).toEqual([0, proofs.length - 1])
      expect(new Set(expected).size, profile).toBeGreaterThan(8)
      const got = await page.verify(proofs)
      expect(
        got.map(({ outcome }) => outcome),
        profile,
      ).toEqual(expected)
    }
  })
})

describe('the bundle of the verifier', () => {
  test('is below 40 KB compressed', async () => {
    const bytes = gzipSync(await bundleVerifier(), { level: 9 }).length
    expect(bytes).toBeLessThan(MAX_GZIPPED_BYTES)
    // Not an empty module either.
    expect(bytes).toBeGreaterThan(5000)
  })

  test('a module of Node in a bundle is an error', async () => {
    await expect(bundleForBrowser("export { readFileSync } from 'node:fs'")).rejects.toThrow('node:fs')
  })
})
