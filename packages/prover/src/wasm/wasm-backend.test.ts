import { processorMs } from '@zisk/core/processor-ms'
import { encodeProof, verify } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine } from './engine.ts'
import { createThreadedEngine } from './threads.ts'
import { createWasmBackend } from './wasm-backend.ts'

let machine: Machine

beforeAll(async () => {
  machine = await setupMachine()
})

describe('the WebAssembly back end', () => {
  test.each([
    ['test', [3]],
    ['test', [4, 3]],
    ['test', [10, 6, 5]],
  ] as const)('%s, User heights %j: the bytes of the reference back end', async (profile, logs) => {
    const witness = machineWitness(logs)
    const backend = createWasmBackend(createInlineEngine())
    const fast = await proveMachine(machine, witness, { profile, backend })
    const result = verify(encodeProof(fast), machine.key.prepared, machine.options)
    if (!result.ok) throw result.error
    const reference = await proveMachine(machine, witness, { profile })
    expect(encodeProof(fast)).toEqual(encodeProof(reference))
  })

  test.each(['std128', 'balanced128', 'small128', 'paranoid128'] as const)(
    '%s proves and verifies',
    async (profile) => {
      const backend = createWasmBackend(createInlineEngine())
      const proof = await proveMachine(machine, machineWitness([10, 9]), { profile, backend })
      const { programDigest } = machine.options
      const result = verify(encodeProof(proof), machine.key.prepared, { programDigest })
      if (!result.ok) throw result.error
      expect(result.run.security.bits).toBeGreaterThanOrEqual(128)
    },
  )

  test('Poseidon2: the bytes of the reference back end', async () => {
    const native = await setupMachine(4, ['poseidon2'])
    const options = { hash: 'poseidon2' } as const
    const backend = createWasmBackend(createInlineEngine())
    const fast = await proveMachine(native, machineWitness([5, 3]), { ...options, backend })
    const result = verify(encodeProof(fast), native.key.prepared, native.options)
    if (!result.ok) throw result.error
    expect(encodeProof(fast)).toEqual(encodeProof(await proveMachine(native, machineWitness([5, 3]), options)))
    const wrongHash = verify(encodeProof({ ...fast, hash: 1 }), native.key.prepared, native.options)
    expect(wrongHash.ok ? 'ok' : wrongHash.error.code).toBe('PROOF_PARAMETERS_REFUSED')
  })

  test('memory is given back: a second proof needs no more', async () => {
    const engine = createInlineEngine()
    const backend = createWasmBackend(engine)
    const first = await proveMachine(machine, machineWitness([6, 5]), { backend })
    const size = engine.arena.byteLength
    const second = await proveMachine(machine, machineWitness([6, 5]), { backend })
    expect(encodeProof(second)).toEqual(encodeProof(first))
    expect(engine.arena.byteLength).toBe(size)
  })

  test('so it is by a proof that is cancelled', async () => {
    const engine = createInlineEngine()
    const backend = createWasmBackend(engine)
    const before = engine.arena.snapshot()
    for (const phase of ['stage2', 'queries'] as const) {
      const controller = new AbortController()
      const proving = proveMachine(machine, machineWitness([6, 5]), {
        backend,
        signal: controller.signal,
        onPhase: (entered) => entered === phase && controller.abort(),
        shards: [
          [0, 1],
          [2, 3],
        ],
      })
      await expect(proving).rejects.toMatchObject({ code: 'PROVER_CANCELLED' })
      expect(engine.arena.snapshot()).toEqual(before)
    }
  })

  test('and by one that is cancelled in the middle of a phase', async () => {
    const tall = await setupMachine(10)
    for (const engine of [createInlineEngine(), createThreadedEngine({ threads: 2 })]) {
      const before = engine.arena.snapshot()
      const controller = new AbortController()
      let aborted = processorMs()
      let entered = ''
      const proving = proveMachine(tall, machineWitness([14, 13], 10), {
        backend: createWasmBackend(engine),
        signal: controller.signal,
        onPhase: (phase) => {
          entered = phase
          if (phase === 'stage2')
            setTimeout(() => {
              aborted = processorMs()
              controller.abort()
            }, 1)
        },
      })
      await expect(proving).rejects.toMatchObject({ code: 'PROVER_CANCELLED' })
      expect(processorMs() - aborted).toBeLessThan(5000)
      expect(['stage2', 'quotient']).toContain(entered)
      expect(engine.arena.snapshot()).toEqual(before)
      await engine.runner.close()
    }
  })

  test('a proof that does not fit is refused with a typed error', async () => {
    const backend = createWasmBackend(createInlineEngine({ maxBytes: 1 << 21 }))
    const proving = proveMachine(machine, machineWitness([10, 10]), { backend })
    await expect(proving).rejects.toMatchObject({ code: 'PROVER_MEMORY_EXHAUSTED' })
  })
})
