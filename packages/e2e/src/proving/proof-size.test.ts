import { processorMs } from '@zisk/core/processor-ms'
import { inspectProof, type ProfileName, verify } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ProvedTables, proveTables, TABLE_OPTIONS } from './proved-tables.ts'
import { MODELLED_SIZES, modelledBytes, sizeAtHeights } from './size-model.ts'
import { fifteenTables } from './workloads.ts'

const PROFILES = ['std128', 'balanced128', 'small128'] as const
const MAX_LOG = 11
/**
 * Bounds of processor time for a regression test; the promised times are four times shorter and measured by
 * `pnpm bench verify`.
 */
const MAX_VERIFY_MS: Readonly<Record<(typeof PROFILES)[number], number>> = {
  std128: 1000,
  balanced128: 700,
  small128: 480,
}

let proved: ProvedTables

beforeAll(async () => {
  proved = await proveTables(fifteenTables(MAX_LOG), PROFILES)
})

const bytesOf = (profile: ProfileName): Uint8Array => proved.proofs.get(profile)!

describe.each(PROFILES)('fifteen tables, %s', (profile) => {
  test('the size computed from the layout is the size of the proof', () => {
    const { sections } = inspectProof(bytesOf(profile), proved.key.prepared)
    const section = (name: RegExp) =>
      sections.filter((part) => name.test(part.name)).reduce((sum, { bytes }) => sum + bytes, 0)
    const computed = sizeAtHeights(proved.key.prepared, fifteenTables(MAX_LOG), profile)
    const isNear = (got: number, want: number, share: number) =>
      expect(Math.abs(got - want), `${got} against ${want}`).toBeLessThanOrEqual(share * want + 1024)
    isNear(section(/^query rows/), computed.rows, 0.02)
    isNear(section(/^query Merkle/), computed.paths, 0.08)
    isNear(section(/^folding|^final/), computed.folding, 0.08)
    isNear(section(/at z$/), computed.evaluations, 0)
    isNear(bytesOf(profile).length, computed.total, 0.02)
  })

  test('at full height it is within a tenth of the model, or smaller', () => {
    const size = sizeAtHeights(proved.key.prepared, fifteenTables(), profile)
    expect(size.total).toBeLessThanOrEqual(1.1 * modelledBytes(MODELLED_SIZES[profile]!))
  })

  test('it verifies in a bounded processor time', () => {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < 4; i++) {
      const start = processorMs()
      const result = verify(bytesOf(profile), proved.key.prepared, TABLE_OPTIONS)
      least = Math.min(least, processorMs() - start)
      if (!result.ok) throw result.error
    }
    expect(least).toBeLessThan(MAX_VERIFY_MS[profile])
  })
})
