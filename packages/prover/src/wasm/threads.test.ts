import { encodeProof } from '@zisk/verifier'
import { afterAll, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine, type Engine } from './engine.ts'
import { createThreadedEngine } from './threads.ts'
import { createWasmBackend } from './wasm-backend.ts'

const engines: Engine[] = []

afterAll(async () => {
  for (const engine of engines) await engine.runner.close()
})

test('one, two and three workers give the same bytes as none', async () => {
  const machine = await setupMachine(10)
  const witness = machineWitness([10, 10, 9], 10)
  const inline = await proveMachine(machine, witness, { backend: createWasmBackend(createInlineEngine()) })
  for (const threads of [1, 2, 3]) {
    const engine = createThreadedEngine({ threads })
    engines.push(engine)
    const proof = await proveMachine(machine, witness, { backend: createWasmBackend(engine) })
    expect(encodeProof(proof)).toEqual(encodeProof(inline))
  }
}, 60_000)
