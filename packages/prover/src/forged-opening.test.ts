/**
 * A false trace whose prover claims another quotient at z, so that the constraints hold there: only the openings stand
 * between this claim and an accepted proof.
 */
import type { Ext } from '@zisk/field'
import { encodeProof, verify } from '@zisk/verifier'
import { beforeAll, expect, test } from 'vitest'
import type { Backend, Codeword, QuotientRequest } from './backend/backend.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'
import { compensateQuotient } from './testing/constraints-at.ts'
import { machineWitness } from './testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from './testing/proved-machine.ts'

let machine: Machine
beforeAll(async () => {
  machine = await setupMachine()
})

/** The verdict over a run with a wrong cell. */
async function outcome(backend: Backend): Promise<string> {
  const witness = machineWitness([4, 3])
  witness.instances[1]!.witness[1]![2]! += 1n
  const proof = await proveMachine(machine, witness, { backend })
  const result = verify(encodeProof(proof), machine.key.prepared, machine.options)
  return result.ok ? 'ok' : result.error.code
}

/** A back end that claims a quotient at z that fits the constraints; `trueValues` are those of the committed columns. */
function compensating(): { readonly backend: Backend; readonly trueValues: () => readonly Ext[] } {
  const honest = createReferenceBackend()
  let request: QuotientRequest
  let evaluations: readonly Ext[]
  const backend: Backend = {
    ...honest,
    quotient: (asked) => {
      request = asked
      return honest.quotient(asked)
    },
    evaluate: async (layout, trees, z) => {
      evaluations = await honest.evaluate(layout, trees, z)
      return compensateQuotient(request, evaluations, z)
    },
  }
  return { backend, trueValues: () => evaluations }
}

test('the values of the committed quotient: the constraints fail', async () => {
  expect(await outcome(createReferenceBackend())).toBe('PROOF_CONSTRAINTS_FAILED')
})

test('a quotient that fits at z: the constraints hold, the codeword is no polynomial', async () => {
  expect(await outcome(compensating().backend)).toBe('PROOF_FOLDING_INVALID')
})

test('with the codeword of the true values: it is a polynomial, but not that of the claims', async () => {
  const { backend, trueValues } = compensating()
  const deep: Backend['deep'] = (request) => backend.deep({ ...request, evaluations: trueValues() })
  expect(await outcome({ ...backend, deep })).toBe('PROOF_OPENING_INVALID')
})

test('with the codeword of the claims committed and that of the true values folded: the rounds do not meet', async () => {
  const { backend, trueValues } = compensating()
  let committed: Codeword | undefined
  const switching: Backend = {
    ...backend,
    deep: async (request) => {
      committed = (await backend.deep(request))[0]
      return backend.deep({ ...request, evaluations: trueValues() })
    },
    commitCodeword: (codeword, ...rest) => {
      const first = committed ?? codeword
      committed = undefined
      return backend.commitCodeword(first, ...rest)
    },
  }
  expect(['PROOF_OPENING_INVALID', 'PROOF_FOLDING_INVALID']).toContain(await outcome(switching))
})
