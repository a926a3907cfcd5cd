import { buildWitness } from '@zisk/executor'
import { prove as proveWitness } from '@zisk/prover'
import { encodeProof, programDigest, verify as verifyBytes } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadFixture } from '../testing/fixture.ts'
import { programKeyOf } from './program-key.ts'
import { type ProvenRun, prove } from './prove.ts'
import { withProverSession } from './prover-session.ts'
import { type NamedProgram, verify } from './verify.ts'

const { program, input } = loadFixture('exit-code')
const insecure = { acceptInsecure: true }
const options = { input, profile: 'test', threads: 1, allowFailure: true } as const
let run: ProvenRun

beforeAll(async () => {
  run = await prove(program, options)
})

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code: unknown }) => error.code,
  )

describe('a proof verifies', () => {
  const ways: [string, () => NamedProgram][] = [
    ['against the program', () => ({ program })],
    ['against its digest', () => ({ digest: run.programDigest })],
    ['against any program', () => ({ any: true })],
  ]
  test.each(ways)('%s, and states what the run gave', async (_, named) => {
    const verified = await verify(run.proof, named(), insecure)
    expect(verified.statement).toMatchObject({ exitCode: 42n, exitMode: 'bound', memoryMap: 'v0.18' })
    expect(verified.statement.outputs[62]).toBe(42)
    expect(verified.programDigest).toEqual(run.programDigest)
  })
})

describe('a proof is refused', () => {
  test('against another program', async () => {
    const other = loadFixture('large-bss').program
    expect(await codeOf(verify(run.proof, { program: other }, insecure))).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('against the same ELF in another exit mode', async () => {
    const { program: unbound } = loadFixture('stock-exit')
    const { program: bound } = loadFixture('stock-exit', { exitMode: 'bound' })
    const proven = await prove(unbound, { profile: 'test', threads: 1 })
    expect(proven.statement).toMatchObject({ exitMode: 'unbound', exitCode: 0n })
    expect(await codeOf(verify(proven.proof, { program: bound }, insecure))).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('under the insecure profile, unless asked for', async () => {
    expect(await codeOf(verify(run.proof, { digest: run.programDigest }))).toBe('PROOF_PARAMETERS_REFUSED')
  })

  test('when it states the old memory map for a program of the new one', async () => {
    // The program reads no input, so that no constraint notices where the prover says that the input lies.
    const { program: silent } = loadFixture('large-bss')
    const forged = await withProverSession({ threads: 1 }, async (session) => {
      const { key, backend } = session
      const { witness } = await buildWitness(key.program, silent.rom)
      const publics = [...witness.publics.slice(0, -1), 1n]
      const programKey = await programKeyOf(silent.rom, session)
      const request = { key, witness: { ...witness, publics }, programKey, backend, profile: 'test' } as const
      const bytes = encodeProof(await proveWitness(request))
      const digest = programDigest(programKey)
      // The proof as such is sound: what refuses it is the comparison of publics and program key.
      expect(verifyBytes(bytes, key.prepared, { programDigest: digest, ...insecure }).ok).toBe(true)
      return { bytes, digest }
    })
    expect(await codeOf(verify(forged.bytes, { digest: forged.digest }, insecure))).toBe('PROOF_PUBLICS_MISMATCH')
    expect(await codeOf(verify(forged.bytes, { any: true }, insecure))).toBe('PROOF_PUBLICS_MISMATCH')
  })
})

describe('a run that failed has no proof', () => {
  test('when it ends with an exit code', async () => {
    expect(await codeOf(prove(program, { ...options, allowFailure: false }))).toBe('GUEST_EXIT')
  })

  test('when it faults, whatever is allowed; the error has place and source line', async () => {
    const fault = loadFixture('null-pointer-dwarf5').program
    const error = await prove(fault, { ...options, input: undefined }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'GuestError', exitStatus: 'guestFailed' })
    expect(error).toHaveProperty('details.source')
  })

  test('when it does not end', async () => {
    const endless = loadFixture('fault-endless-loop').program
    const work = prove(endless, { ...options, input: undefined, maxSteps: 5000 })
    expect(await codeOf(work)).toBe('STEP_LIMIT')
  })
})

test('two jobs at once give the bytes of one', async () => {
  const both = await Promise.all([prove(program, options), prove(program, { ...options, threads: 2 })])
  for (const { proof } of both) expect(proof).toEqual(run.proof)
})
