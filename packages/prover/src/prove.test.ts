import { createChecker, sourceOf } from '@zisk/air'
import { P } from '@zisk/field'
import { EMPTY_PROGRAM_KEY, encodeProof, programDigest, verify } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { prove } from './prove.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'
import { commitCustom, setup } from './setup.ts'
import { buildMachine, machineProgram, machineWitness } from './testing/machine.ts'
import { createInlineEngine } from './wasm/engine.ts'
import { createWasmBackend } from './wasm/wasm-backend.ts'

const backend = createReferenceBackend()
const program = buildMachine()

async function keys() {
  const key = await setup(program, { backend })
  const commit = await commitCustom(key, { backend }, { commit: 'rom', logRows: 4, columns: [machineProgram(4)] })
  return { key, programKey: { ...EMPTY_PROGRAM_KEY, commits: [commit] } }
}

describe('prove and verify', () => {
  test('the machine itself is sound', () => {
    const report = createChecker(program).check(machineWitness([5, 3]))
    expect(report.failures).toEqual([])
  })

  test('a run in one shard', async () => {
    const { key, programKey } = await keys()
    const witness = machineWitness([5, 3])
    const proof = await prove({ key, witness, programKey, profile: 'test', backend })
    const bytes = encodeProof(proof)
    const options = { programDigest: programDigest(programKey), acceptInsecure: true }
    const result = verify(bytes, key.prepared, options)
    if (!result.ok) throw result.error
    expect(result.run.publics).toEqual(witness.publics)
  })
  test('a source gives the bytes of the complete witness', async () => {
    const { key, programKey } = await keys()
    const witness = machineWitness([5, 3])
    const request = { key, programKey, profile: 'test', backend } as const
    const whole = await prove({ ...request, witness })
    const asked = await prove({ ...request, witness: sourceOf(witness) })
    expect(encodeProof(asked)).toEqual(encodeProof(whole))
  })

  test.each([
    ['reference', backend],
    ['WebAssembly', createWasmBackend(createInlineEngine())],
    ['WebAssembly, recomputing', createWasmBackend(createInlineEngine(), 'recompute')],
  ] as const)('%s: a column with a value of p or more is refused by name', async (_, backend) => {
    const { key, programKey } = await keys()
    for (const [value, row] of [
      [P, 0],
      [P + 1n, 17],
      [2n ** 64n - 1n, 31],
    ] as const) {
      const witness = machineWitness([5, 3])
      witness.instances[1]!.witness[1]![row] = value
      await expect(prove({ key, witness, programKey, profile: 'test', backend })).rejects.toMatchObject({
        code: 'WITNESS_SHAPE_INVALID',
        message: expect.stringContaining(`row ${row}: ${value} is not a canonical field element`),
      })
    }
  })
})
