import { sourceOf } from '@zisk/air'
import { encodeProof, type ProfileName, profileNamed, shardLayout } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine } from './engine.ts'
import { FILL, heldShards } from './held-shards.ts'
import { shardNeed } from './memory-need.ts'
import { createWasmBackend, type Extension } from './wasm-backend.ts'

let machine: Machine

beforeAll(async () => {
  machine = await setupMachine(10)
})

function needOf(profile: ProfileName, logs: readonly number[], extension: Extension): number {
  const { shapes } = machine.key.prepared
  const ids = machineWitness(logs, 10).instances.map(({ air, segment, rows }) => {
    return { air, segment, logRows: Math.log2(rows) }
  })
  ids.sort((x, y) => x.air - y.air || x.segment - y.segment)
  const layout = shardLayout(shapes, profileNamed(profile), ids)
  const { commit, prove } = shardNeed(layout, { keepCosets: extension === 'keep', width: 1 })
  return Math.max(commit, prove)
}

describe('the bound on memory', () => {
  test.each([
    ['std128', 'keep'],
    ['std128', 'recompute'],
    ['small128', 'keep'],
    ['small128', 'recompute'],
  ] as const)('%s, %s: holds and is not far off', async (profile, extension) => {
    const logs = [14, 13, 13]
    const engine = createInlineEngine()
    const before = engine.arena.peakBytes
    await proveMachine(machine, machineWitness(logs, 10), { profile, backend: createWasmBackend(engine, extension) })
    const used = engine.arena.peakBytes - before
    const need = needOf(profile, logs, extension)
    // What is reserved has gaps.
    expect(used).toBeLessThanOrEqual(need / FILL)
    expect(need).toBeLessThan(1.25 * used)
  })

  test('held shards are counted, and dropped where they do not fit', async () => {
    const logs = [13, 12, 12]
    const shards = [[1], [2], [3], [0, 4]]
    const witness = machineWitness(logs, 10)
    const ids = witness.instances.map(({ air, segment, rows }) => ({ air, segment, logRows: Math.log2(rows) }))
    const layouts = shards.map((positions) =>
      shardLayout(
        machine.key.prepared.shapes,
        profileNamed('std128'),
        positions.map((i) => ids[i]!).sort((x, y) => x.air - y.air || x.segment - y.segment),
      ),
    )
    const limits = { maxBytes: 1e15, holdingBytes: 1e15, keepingBytes: 1e15, width: 1 }
    const all = heldShards(layouts, limits)
    expect([...all.held].sort()).toEqual([0, 1, 2, 3])
    // Whoever has enough for all of them in the part of an arena that can be filled holds all; a byte less is too little for one.
    const enough = Math.ceil(all.bytes / FILL)
    const limited = heldShards(layouts, { ...limits, holdingBytes: all.bytes - 1 })
    expect(limited.held.size).toBeLessThan(4)
    expect(heldShards(layouts, { ...limits, holdingBytes: all.bytes })).toEqual(all)
    expect([...heldShards(layouts, { ...limits, holdingBytes: 0 }).held]).toEqual([3])
    const proofs: Uint8Array[] = []
    for (const maxBytes of [enough, Math.floor(all.bytes / FILL) - 1]) {
      const { held, bytes } = heldShards(layouts, { ...limits, maxBytes })
      expect(held.size).toSatisfy((size: number) => (maxBytes === enough ? size === 4 : size < 4))
      expect(held).toContain(3)
      expect(bytes).toBeLessThanOrEqual(maxBytes)
      const engine = createInlineEngine({ maxBytes })
      const backend = createWasmBackend(engine)
      proofs.push(encodeProof(await proveMachine(machine, witness, { profile: 'std128', backend, shards })))
      expect(engine.arena.peakBytes).toBeLessThanOrEqual(maxBytes)
    }
    expect(proofs[1]).toEqual(proofs[0])
  })

  test('a back end recomputes when keeping does not fit, and gives up when that does not', async () => {
    const logs = [13, 13, 12]
    const [keep, recompute] = [needOf('small128', logs, 'keep'), needOf('small128', logs, 'recompute')]
    expect(recompute).toBeLessThan(0.7 * keep)
    const tight = createInlineEngine({ maxBytes: Math.ceil(recompute / FILL) })
    const request = { profile: 'small128', backend: createWasmBackend(tight) } as const
    await proveMachine(machine, machineWitness(logs, 10), request)
    expect(tight.arena.peakBytes).toBeLessThanOrEqual(tight.arena.maxBytes)
    const small = createWasmBackend(createInlineEngine({ maxBytes: recompute / FILL - (1 << 20) }))
    const proving = proveMachine(machine, machineWitness(logs, 10), { profile: 'small128', backend: small })
    await expect(proving).rejects.toMatchObject({ code: 'PROVER_MEMORY_EXHAUSTED', exitStatus: 'limitReached' })
    await expect(proving).rejects.toHaveProperty('remedy', expect.stringMatching(/--shard-cells \d+/))
  })

  test('what cannot be proved is refused before any column is made, and smaller shards are advised only where they help', async () => {
    const backend = createWasmBackend(createInlineEngine({ maxBytes: needOf('small128', [13], 'recompute') / 2 }))
    const { instances, publics, proofValues } = sourceOf(machineWitness([10, 13, 10], 10))
    const noColumns = (): Promise<never> => Promise.reject(new Error('asked for columns'))
    const witness = { instances, publics, proofValues, instance: noColumns }
    const shards = [[1], [0, 2, 3, 4]]
    const proving = proveMachine(machine, witness, { profile: 'small128', backend, shards })
    await expect(proving).rejects.toMatchObject({
      code: 'PROVER_MEMORY_EXHAUSTED',
      remedy: expect.stringMatching(/^prove with more memory: one instance alone has \d+ cells$/),
    })
  })
})
