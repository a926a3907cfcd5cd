import { totalmem } from 'node:os'
import { encodeProof } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine } from './engine.ts'
import { HOLDING_BYTES } from './held-shards.ts'
import { hostBytes, spareMemory } from './host-memory.ts'
import { createWasmBackend } from './wasm-backend.ts'

const GIB = 2 ** 30

describe('what may be held', () => {
  test('is half of what is free when nobody says otherwise, and a fixed amount when the host does not say', () => {
    expect(spareMemory(undefined, () => 12 * GIB).holdingBytes).toBe(6 * GIB)
    expect(spareMemory(undefined, () => 0).holdingBytes).toBe(0)
    expect(spareMemory(undefined, () => undefined).holdingBytes).toBe(HOLDING_BYTES)
  })

  test('is what the caller granted, however little is free now', () => {
    for (const free of [undefined, 0, 100 * GIB]) expect(spareMemory(3 * GIB, () => free).holdingBytes).toBe(3 * GIB)
  })

  test('and what one shard keeps is a fixed amount, or what the caller granted', () => {
    for (const free of [undefined, 0, 100 * GIB]) {
      expect(spareMemory(undefined, () => free).keepingBytes).toBe(2.5 * GIB)
      expect(spareMemory(8 * GIB, () => free).keepingBytes).toBe(8 * GIB)
    }
  })

  test('has an end where others take what was free', () => {
    let free = 4 * GIB
    const { hasRoom } = spareMemory(undefined, () => free)
    expect(hasRoom(3 * GIB)).toBe(true)
    expect(hasRoom(4 * GIB)).toBe(false)
    free = GIB
    expect(hasRoom(3 * GIB)).toBe(false)
    expect(spareMemory(undefined, () => undefined).hasRoom(1000 * GIB)).toBe(true)
  })

  test('is asked of this host', () => {
    expect(hostBytes()).toBeGreaterThan(0)
    expect(hostBytes()).toBeLessThanOrEqual(totalmem())
    const { holdingBytes, hasRoom } = spareMemory(undefined)
    expect(holdingBytes).toBeGreaterThan(0)
    expect(holdingBytes).toBeLessThanOrEqual(Math.max(totalmem() / 2, HOLDING_BYTES))
    if (process.platform === 'linux') expect(hasRoom(2 * totalmem())).toBe(false)
  })
})

test('a back end on a host with nothing left holds nothing, keeps one coset, and gives the same bytes', async () => {
  const machine = await setupMachine()
  const shards = [[1], [2], [3], [0, 4]]
  const sizes: number[] = []
  const proofs: Uint8Array[] = []
  for (const free of [100 * GIB, 0]) {
    const engine = createInlineEngine(
      {},
      spareMemory(undefined, () => free),
    )
    const backend = createWasmBackend(engine)
    const proof = await proveMachine(machine, machineWitness([10, 10, 9]), { profile: 'std128', backend, shards })
    proofs.push(encodeProof(proof))
    sizes.push(engine.arena.peakBytes)
  }
  expect(proofs[1]).toEqual(proofs[0])
  expect(sizes[1]).toBeLessThan(sizes[0]!)
})
