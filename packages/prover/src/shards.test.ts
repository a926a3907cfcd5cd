/** Runs in several shards: what the prover asks for, what it keeps, and which ways to put shards together are refused. */
import { sourceOf, type WitnessSource } from '@zisk/air'
import { encodeProof, type Proof, verify } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend } from './backend/backend.ts'
import type { PhaseProgress } from './progress.ts'
import { machineWitness } from './testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from './testing/proved-machine.ts'
import { createInlineEngine } from './wasm/engine.ts'
import { createWasmBackend } from './wasm/wasm-backend.ts'

/** Three shards of segments, then the tables that they look into. */
const SHARDS = [[1], [2], [3], [0, 4]]
const LOGS = [6, 5, 4]
let machine: Machine
let proof: Proof

beforeAll(async () => {
  machine = await setupMachine()
  const backend = createWasmBackend(createInlineEngine())
  proof = await proveMachine(machine, machineWitness(LOGS), { backend, shards: SHARDS })
})

function outcome(candidate: Proof): string {
  const result = verify(encodeProof(candidate), machine.key.prepared, machine.options)
  return result.ok ? 'ok' : result.error.code
}

function pick(...positions: number[]): Proof {
  return { ...proof, shards: positions.map((k) => proof.shards[k]!) }
}

describe('the prover', () => {
  test('proves a run in four shards', () => {
    expect(proof.shards).toHaveLength(4)
    expect(outcome(proof)).toBe('ok')
  })

  // With workers: `wasm/threads.test.ts`.
  test.each(['keep', 'recompute'] as const)('%s: the same bytes', async (extension) => {
    const backend = createWasmBackend(createInlineEngine(), extension)
    const again = await proveMachine(machine, machineWitness(LOGS), { backend, shards: SHARDS })
    expect(encodeProof(again)).toEqual(encodeProof(proof))
  })

  test.each(['std128', 'small128'] as const)('%s: recomputing gives the bytes of keeping', async (profile) => {
    const prove = (extension: 'keep' | 'recompute') =>
      proveMachine(machine, machineWitness([10, 8]), {
        profile,
        backend: createWasmBackend(createInlineEngine(), extension),
      })
    expect(encodeProof(await prove('recompute'))).toEqual(encodeProof(await prove('keep')))
  })

  test('asks for each instance once in the order of the source, then again for the shards that are not held', async () => {
    const asked: number[] = []
    const source = sourceOf(machineWitness(LOGS))
    const counting: WitnessSource = {
      ...source,
      instance: (position) => {
        asked.push(position)
        return source.instance(position)
      },
    }
    const backend = createWasmBackend(createInlineEngine())
    const only = (...held: number[]): Backend => ({ ...backend, held: () => new Set(held) })
    for (const [chosen, expected] of [
      [backend, [1, 2, 3, 0, 4]],
      [only(3), [1, 2, 3, 0, 4, 3, 2, 1]],
      [only(1, 3), [1, 2, 3, 0, 4, 3, 1]],
      [only(), [1, 2, 3, 0, 4, 3, 2, 1]],
      [createWasmBackend(createInlineEngine(), 'recompute'), [1, 2, 3, 0, 4, 3, 2, 1]],
    ] as const) {
      asked.length = 0
      const again = await proveMachine(machine, counting, { backend: chosen, shards: SHARDS })
      expect(asked).toEqual(expected)
      expect(encodeProof(again)).toEqual(encodeProof(proof))
    }
    // Where there is no room for the next shard, the one that was committed first makes it.
    for (const [answers, expected] of [
      [
        [false, true, true],
        [1, 2, 3, 0, 4, 1],
      ],
      [
        [true, false, true],
        [1, 2, 3, 0, 4, 1],
      ],
      [
        [false, false, false, false],
        [1, 2, 3, 0, 4, 3, 2, 1],
      ],
    ] as const) {
      asked.length = 0
      const told = [...answers]
      const crowded: Backend = { ...backend, hasRoom: () => told.shift() ?? true }
      const ends: number[] = []
      const onPhase = (_: unknown, __: unknown, { done, weight }: PhaseProgress) => ends.push(done + weight)
      const again = await proveMachine(machine, counting, { backend: crowded, shards: SHARDS, onPhase })
      expect(asked).toEqual(expected)
      expect(encodeProof(again)).toEqual(encodeProof(proof))
      expect(Math.max(...ends)).toBeLessThanOrEqual(1)
    }
    asked.length = 0
    await proveMachine(machine, counting, { backend })
    expect(asked).toEqual([0, 1, 2, 3, 4])
  })

  test('a source that changes its mind is refused', async () => {
    const source = sourceOf(machineWitness(LOGS))
    const seen = new Set<number>()
    const changing: WitnessSource = {
      ...source,
      instance: async (position) => {
        const instance = await source.instance(position)
        if (!seen.has(position)) seen.add(position)
        else instance.witness[1]![0]! += 1n
        return instance
      },
    }
    await expect(proveMachine(machine, changing, { shards: SHARDS })).rejects.toMatchObject({
      code: 'PROVER_INPUT_INVALID',
    })
    const other: WitnessSource = { ...source, instance: () => source.instance(2) }
    await expect(proveMachine(machine, other)).rejects.toMatchObject({ code: 'PROVER_INPUT_INVALID' })
    await expect(proveMachine(machine, source, { shards: [[9]] })).rejects.toMatchObject({
      code: 'PROVER_INPUT_INVALID',
    })
  })

  test.each(['keep', 'recompute'] as const)('%s: phases cover the whole work', async (extension) => {
    const phases: [string, number, PhaseProgress][] = []
    const onPhase = (...event: [string, number, PhaseProgress]) => phases.push(event)
    const backend = createWasmBackend(createInlineEngine(), extension)
    await proveMachine(machine, machineWitness(LOGS), { backend, shards: SHARDS, onPhase })
    expect(phases[0]![2].done).toBe(0)
    for (const [i, [, , { done, weight }]] of phases.entries())
      expect(done + weight).toBeCloseTo(phases[i + 1]?.[2].done ?? 1, 9)
    expect(phases.map(([phase, shard]) => `${phase} ${shard}`).slice(0, 6)).toEqual([
      'stage1 0',
      'stage1 1',
      'stage1 2',
      'stage1 3',
      'stage2 3',
      'quotient 3',
    ])
  })
})

describe('the verifier', () => {
  test('shards may not be left out, doubled or swapped', () => {
    expect(outcome(pick(0, 1, 2))).not.toBe('ok')
    expect(outcome(pick(0, 1, 3))).not.toBe('ok')
    expect(outcome(pick(1, 2, 3))).not.toBe('ok')
    expect(outcome(pick(3))).not.toBe('ok')
    expect(outcome(pick(0, 1, 2, 3, 3))).not.toBe('ok')
    expect(outcome(pick(0, 0, 2, 3))).not.toBe('ok')
    expect(outcome(pick(0, 1, 1, 2, 3))).not.toBe('ok')
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ] as const) {
      const order = [0, 1, 2, 3]
      order[a] = b
      order[b] = a
      expect(outcome(pick(...order)), `${a} and ${b}`).not.toBe('ok')
    }
  })

  test('shards of other runs, plans and programs do not fit, alone or several', async () => {
    const backend = createWasmBackend(createInlineEngine())
    const otherPlan = await proveMachine(machine, machineWitness(LOGS), { backend, shards: [[1], [2], [3, 4], [0]] })
    const otherRun = await proveMachine(machine, machineWitness([6, 5, 3]), { backend, shards: SHARDS })
    const otherProgram = await setupMachine(5)
    const shared = { backend, shards: SHARDS }
    const foreign = await proveMachine(otherProgram, machineWitness(LOGS, 5), shared)
    for (const other of [otherPlan, otherRun, foreign])
      for (const taken of [[0], [1], [2], [3], [0, 1], [0, 1, 2], [3, 2]]) {
        const mixed = proof.shards.map((shard, k) => (taken.includes(k) ? other.shards[k]! : shard))
        expect(outcome({ ...proof, shards: mixed }), `shards ${taken}`).not.toBe('ok')
      }
  })
})
