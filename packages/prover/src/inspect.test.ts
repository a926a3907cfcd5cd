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

  test('without a key there is no security figure', () => {
    expect(inspectProof(bytes)).not.toHaveProperty('security')
    expect(inspectProof(bytes)).toMatchObject({ profile: 'test', hash: 'blake3' })
  })
})
