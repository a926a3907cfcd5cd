import { encodeProof, inspectProof, verify } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { proveMachine, setupMachine } from './testing/proved-machine.ts'

const machine = await setupMachine()
const bytes = encodeProof(await proveMachine(machine))
const key = machine.key.prepared

describe('inspectProof', () => {
  test('bytes that are no proof are refused', () => {
    expect(() => inspectProof(bytes.subarray(0, bytes.length - 1))).toThrow(
      expect.objectContaining({ code: 'PROOF_TRUNCATED' }),
    )
  })

  test('the sections add up to the whole proof', () => {
    const { sections, bytes: length } = inspectProof(bytes)
    expect(sections.reduce((sum, section) => sum + section.bytes, 0)).toBe(length)
    // A section that is wrongly measured shows as a header of the wrong size.
    expect(sections[0]!.bytes).toBeLessThan(1000)
    expect(Math.min(...sections.map((section) => section.bytes))).toBeGreaterThan(0)
  })

  test('with the key it names AIRs and gives the security that verification reports', () => {
    const inspection = inspectProof(bytes, key)
    expect(inspection.shards[0]!.instances.every(({ name }) => name !== undefined)).toBe(true)
    const result = verify(bytes, key, machine.options)
    expect(result.ok && result.run.security).toEqual(inspection.security)
  })

  test('of several shards it lists the instances of each, adds up their sections, and gives the security of the run', async () => {
    const shards = [[1], [2], [0, 3]]
    const several = encodeProof(await proveMachine(machine, undefined, { shards }))
    const inspection = inspectProof(several, key)
    expect(inspection.shards.map(({ instances }) => instances.map(({ name }) => name))).toEqual([
      ['User'],
      ['User'],
      ['Table', 'Rom'],
    ])
    expect(inspection.sections.map(({ name }) => name)).toEqual(
      inspectProof(bytes, key).sections.map(({ name }) => name),
    )
    expect(inspection.sections.reduce((sum, section) => sum + section.bytes, 0)).toBe(several.length)
    expect(inspection.sections[0]!.bytes).toBeLessThan(1000)
    const result = verify(several, key, machine.options)
    if (!result.ok) throw result.error
    expect(result.run.security).toEqual(inspection.security)
    const rounds = inspection.security!.terms.map(({ round }) => round)
    expect(new Set(rounds).size).toBe(rounds.length)
    expect(rounds).toEqual(expect.arrayContaining(['lookup challenges', 'out-of-domain point', 'queries']))
  })

  test('without a key there is no security figure', () => {
    expect(inspectProof(bytes)).not.toHaveProperty('security')
    expect(inspectProof(bytes)).toMatchObject({ profile: 'test', hash: 'blake3' })
  })
})
