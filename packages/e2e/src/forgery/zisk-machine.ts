/** The whole machine with its keys: what a prover and a verifier of real programs share. */
import { fileURLToPath } from 'node:url'
import type { Pilout, ProgramWitness } from '@zisk/air'
import { romParameters, type ZiskRom } from '@zisk/core'
import { compilePilOrThrow } from '@zisk/pilc'
import {
  type Backend,
  commitCustom,
  createInlineEngine,
  createWasmBackend,
  type ProvingKey,
  prove,
  setup,
} from '@zisk/prover'
import { romTable } from '@zisk/sm-rom'
import { encodeProof, type ProgramKey, programDigest, type VerifyZiskOptions, verifyZisk } from '@zisk/verifier'

/** The machine, set up. */
export interface ZiskMachine {
  readonly program: Pilout
  readonly key: ProvingKey
  readonly backend: Backend
}

/** Compiles `pil/zisk.pil`. */
export function compileZisk(): Pilout {
  return compilePilOrThrow({ file: fileURLToPath(new URL('../../../../pil/zisk.pil', import.meta.url)) })
}

/** Sets the machine up with the WebAssembly back end on this thread. */
export async function setupZisk(): Promise<ZiskMachine> {
  const program = compileZisk()
  const backend = createWasmBackend(createInlineEngine())
  return { program, key: await setup(program, { backend }), backend }
}

/** The key of a guest program: its parameters and the commitment of its table. */
export async function ziskProgramKey({ program, key, backend }: ZiskMachine, rom: ZiskRom): Promise<ProgramKey> {
  const air = program.airGroups[0]!.airs.find(({ name }) => name === 'Rom')!
  const { logRows, columns } = romTable(rom)
  const inOrder = air.customColumns.map(({ name }) => columns[name as keyof typeof columns])
  const commit = await commitCustom(key, { backend }, { commit: 'rom', logRows, columns: inOrder })
  return { ...romParameters(rom), commits: [commit] }
}

/** Proves a witness, true or false, under the insecure profile, and encodes the proof. */
export async function proveZisk(
  { key, backend }: ZiskMachine,
  programKey: ProgramKey,
  witness: ProgramWitness,
): Promise<Uint8Array> {
  return encodeProof(await prove({ key, witness, programKey, profile: 'test', backend }))
}

/** Error code of the verifier, or `ok`. */
export function verdict(
  { key }: ZiskMachine,
  programKey: ProgramKey,
  proof: Uint8Array,
  options: Partial<VerifyZiskOptions> = {},
): string {
  const demands = { programDigest: programDigest(programKey), acceptInsecure: true, ...options }
  const result = verifyZisk(proof, key.prepared, demands)
  return result.ok ? 'ok' : result.error.code
}
