import { airCost } from '@zisk/air'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileMachine } from '../machine/compile-machine.ts'
import { loadFixture } from '../testing/fixture.ts'
import { plan } from './plan.ts'
import type { ProgressEvent } from './progress.ts'
import { type ProvenRun, prove } from './prove.ts'
import { type NamedProgram, verify } from './verify.ts'

const { program, input } = loadFixture('exit-code')
const insecure = { acceptInsecure: true, allowFailure: true }
const options = { input, profile: 'test', threads: 1, allowFailure: true } as const
let run: ProvenRun

beforeAll(async () => {
  run = await prove(program, options)
}, 60_000)

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code: unknown }) => error.code,
  )

test('a plan foretells what the proof is', async () => {
  const planned = await plan(program, options)
  expect(planned).toMatchObject({ steps: run.steps, shards: 1, statement: run.statement })
  expect(planned.programDigest).toEqual(run.programDigest)
  expect(planned.instances.length).toBe(run.instances)
  expect(planned.proofBytes / run.proof.length).toBeGreaterThan(0.9)
  expect(planned.proofBytes / run.proof.length).toBeLessThan(1.1)
})

test('a plan counts the cells that the cost of an AIR says', async () => {
  const machine = compileMachine()
  const airs = machine.airGroups.flatMap((group) => group.airs)
  for (const { air, rows, cells } of (await plan(program, options)).instances) {
    const definition = airs.find(({ name }) => name === air)!
    expect(cells, air).toBe(rows * airCost(machine, definition).cellsPerRow)
  }
})

test.each(['setup', 'execute', 'stage1', 'stage2', 'quotient', 'openings', 'folding', 'queries', 'verify'] as const)(
  'a job that is cancelled in the phase %s ends with its reason, and begins no other phase',
  async (phase) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let last: string | undefined
    const onProgress = (event: ProgressEvent): void => {
      last = event.phase
      if (event.phase === phase) controller.abort(reason)
    }
    const work = prove(program, { ...options, signal: controller.signal, onProgress })
    await expect(work).rejects.toMatchObject({ code: 'ABORTED', exitStatus: 'interrupted', cause: reason })
    expect(last).toBe(phase)
  },
)

describe('a proof verifies', () => {
  const ways: [string, () => NamedProgram][] = [
    ['against the program', () => ({ program })],
    ['against its digest', () => ({ digest: run.programDigest })],
    ['against any program', () => ({ any: true })],
  ]
  test.each(ways)('%s, and states what the run gave', async (_, named) => {
    const verified = await verify(run.proof, named(), insecure)
    expect(verified.statement).toMatchObject({ exitCode: 42n })
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
    expect(proven.statement).toMatchObject({ exitCode: undefined })
    expect(await codeOf(verify(proven.proof, { program: bound }, insecure))).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('under the insecure profile, unless asked for', async () => {
    expect(await codeOf(verify(run.proof, { digest: run.programDigest }))).toBe('PROOF_PARAMETERS_REFUSED')
  })

  test('when its run ended with an exit code, unless that is allowed', async () => {
    const error = await verify(run.proof, { program }, { acceptInsecure: true }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'PROOF_RUN_FAILED', exitStatus: 'guestFailed' })
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
