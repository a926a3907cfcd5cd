import { encodeProof } from '@zisk/verifier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine, type Engine } from './engine.ts'
import { createThreadedEngine } from './threads.ts'
import { createWasmBackend, type Extension } from './wasm-backend.ts'

/** All jobs that are not alone go to the workers, however small. */
const engines = [1, 2, 3].map((threads) => createThreadedEngine({ threads, leastBatch: 0 }))
const SHARDS = [[1], [2], [3], [0, 4]]
let machine: Machine

beforeAll(async () => {
  machine = await setupMachine(10)
})

afterAll(async () => {
  for (const engine of engines) await engine.runner.close()
})

describe('one, two and three workers give the same bytes as none', () => {
  async function bytesOf(engine: Engine, extension: Extension, shards?: number[][]): Promise<Uint8Array> {
    const request = { backend: createWasmBackend(engine, extension), ...(shards === undefined ? {} : { shards }) }
    return encodeProof(await proveMachine(machine, machineWitness([10, 10, 9], 10), request))
  }

  test.each([
    ['keep', 'one shard', undefined],
    ['keep', 'four shards', SHARDS],
    ['recompute', 'four shards', SHARDS],
  ] as const)('%s, %s', async (extension, _, shards) => {
    const own = shards?.map((shard) => [...shard])
    const inline = await bytesOf(createInlineEngine(), 'keep', own)
    for (const engine of engines) expect(await bytesOf(engine, extension, own)).toEqual(inline)
  })
})
