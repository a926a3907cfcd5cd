/** Proofs of table machines, with everything that their verification needs. */
import type { ProgramWitness } from '@zisk/air'
import { createThreadedEngine, createWasmBackend, type ProvingKey, prove, setup } from '@zisk/prover'
import { EMPTY_PROGRAM_KEY, encodeProof, type ProfileName, programDigest, type VerifyOptions } from '@zisk/verifier'
import { type TableSpec, tableMachine } from './table-machine.ts'

/** A machine with its key, and proofs of one run. */
export interface ProvedTables {
  readonly key: ProvingKey
  readonly witness: ProgramWitness
  readonly cells: number
  /** Encoded proofs by profile. */
  readonly proofs: ReadonlyMap<ProfileName, Uint8Array>
}

/** Options under which proofs of table machines verify. */
export const TABLE_OPTIONS: VerifyOptions = { programDigest: programDigest(EMPTY_PROGRAM_KEY), acceptInsecure: true }

/** Proves a machine with the WebAssembly back end. */
export async function proveTables(
  tables: readonly TableSpec[],
  profiles: readonly ProfileName[],
  threads = 2,
): Promise<ProvedTables> {
  const { program, witness, cells } = tableMachine(tables)
  const engine = createThreadedEngine({ threads })
  try {
    const backend = createWasmBackend(engine)
    const key = await setup(program, { backend })
    const proofs = new Map<ProfileName, Uint8Array>()
    for (const profile of profiles) proofs.set(profile, encodeProof(await prove({ key, witness, profile, backend })))
    return { key, witness, cells, proofs }
  } finally {
    await engine.runner.close()
  }
}
