/** Proofs whose columns lie in many small memories: the bytes of those in one. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { encodeProof } from '@zisk/verifier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { Arena } from './arena.ts'
import { createInlineEngine, type Engine } from './engine.ts'
import { createThreadedEngine } from './threads.ts'
import { createWasmBackend, type Extension } from './wasm-backend.ts'

const LOGS = [13, 13, 12, 12]
const MIB = 2 ** 20
let machine: Machine
let bytes: Uint8Array
const engines: Engine[] = []

beforeAll(async () => {
  machine = await setupMachine(10)
  bytes = await proveWith(createInlineEngine())
})

afterAll(async () => {
  for (const engine of engines) await engine.runner.close()
})

async function proveWith(engine: Engine, extension?: Extension): Promise<Uint8Array> {
  engines.push(engine)
  const backend = createWasmBackend(engine, extension)
  return encodeProof(await proveMachine(machine, machineWitness(LOGS, 10), { backend }))
}

describe('many memories', () => {
  test.each(['keep', 'recompute'] as const)('%s: the same bytes', async (extension) => {
    const engine = createInlineEngine({ memoryBytes: 8 * MIB })
    expect(await proveWith(engine, extension)).toEqual(bytes)
    expect(engine.arena.memories.length).toBeGreaterThan(2)
  })

  test('the same bytes with workers', async () => {
    const engine = createThreadedEngine({ threads: 2, memoryBytes: 10 * MIB })
    expect(await proveWith(engine)).toEqual(bytes)
    expect(engine.arena.memories.length).toBeGreaterThan(2)
  })

  test('a second proof uses the memories of the first', async () => {
    const engine = createInlineEngine({ memoryBytes: 8 * MIB })
    await proveWith(engine)
    const { byteLength, memories } = engine.arena
    expect(await proveWith(engine)).toEqual(bytes)
    expect(engine.arena.byteLength).toBeLessThan(1.1 * byteLength)
    expect(engine.arena.memories).toHaveLength(memories.length)
  })

  test('all memories together stay within the limit', async () => {
    const engine = createInlineEngine({ memoryBytes: 8 * MIB, maxBytes: 14 * MIB })
    await expect(proveWith(engine, 'keep')).rejects.toMatchObject({ code: 'PROVER_MEMORY_EXHAUSTED' })
    expect(engine.arena.byteLength).toBeLessThanOrEqual(14 * MIB)
  })
})

test('columns of a memory that has grown as far as it can reach other threads', () => {
  const arena = new Arena(1)
  const large = arena.reserve(3.4 * 2 ** 30)
  // Small regions near large ones may take what is left; nothing here is touched.
  while (arena.byteLength < 2 ** 32 - 2 * MIB) arena.reserveNear(large.offset, MIB)
  expect(() => {
    for (;;) arena.reserveNear(large.offset, 2 ** 16)
  }).toThrow('within the memory given')
  expect(arena.memories).toHaveLength(1)
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(arena.words(large.offset, 8))
  expect(receiveMessageOnPort(port2)?.message).toHaveLength(8)
  port1.close()
})
