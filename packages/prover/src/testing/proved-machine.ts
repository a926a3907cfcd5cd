/** A proof of the small machine, made once per test file. */
import type { ProgramWitness, WitnessSource } from '@zisk/air'
import {
  EMPTY_PROGRAM_KEY,
  type HashName,
  type ProgramKey,
  type Proof,
  programDigest,
  type VerifyOptions,
} from '@zisk/verifier'
import { prove } from '../prove.ts'
import type { ProveRequest } from '../prove-request.ts'
import { createReferenceBackend } from '../reference/reference-backend.ts'
import { commitCustom, type ProvingKey, setup } from '../setup.ts'
import { buildMachine, machineProgram, machineWitness } from './machine.ts'

/** The machine with its keys. */
export interface Machine {
  readonly key: ProvingKey
  readonly programKey: ProgramKey
  /** Options under which honest proofs verify. */
  readonly options: VerifyOptions
}

/** Sets the machine up with a program table of 2^romLog lines. */
export async function setupMachine(romLog = 4, hashes: readonly HashName[] = ['blake3']): Promise<Machine> {
  const backend = createReferenceBackend()
  const key = await setup(buildMachine(), { backend, hashes })
  const custom = { commit: 'rom', logRows: romLog, columns: [machineProgram(romLog)] }
  const commit = await commitCustom(key, { backend, hashes }, custom)
  const programKey = { ...EMPTY_PROGRAM_KEY, commits: [commit] }
  return { key, programKey, options: { programDigest: programDigest(programKey), acceptInsecure: true } }
}

/** Proves a run of the machine under the test profile unless told otherwise. */
export async function proveMachine(
  { key, programKey }: Machine,
  witness: ProgramWitness | WitnessSource = machineWitness([4, 3]),
  options: Partial<ProveRequest> = {},
): Promise<Proof> {
  return prove({ key, programKey, witness, profile: 'test', backend: createReferenceBackend(), ...options })
}
