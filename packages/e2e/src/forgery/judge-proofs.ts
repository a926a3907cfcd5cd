/** Proofs of witnesses of any program of machines, for stories against single rules. */
import type { AirInstance, Pilout, ProgramWitness } from '@zisk/air'
import { commitCustom, createInlineEngine, createWasmBackend, type ProvingKey, prove, setup } from '@zisk/prover'
import { EMPTY_PROGRAM_KEY, encodeProof, type ProgramKey, programDigest, verify } from '@zisk/verifier'

const backend = createWasmBackend(createInlineEngine())

/** What a rule is about: the row, the machine's flag or the bus that it begins with. */
const kindOf = (rule: string): string =>
  rule.startsWith('bus ') ? rule : rule.replace(/[^(\w].*/, '').replace(/^\(1 - /, '')

/** The first of each kind. */
export function oneOfEach<T>(stories: readonly T[], ruleOf: (story: T) => string): readonly T[] {
  const seen = new Set<string>()
  return stories.filter((story) => {
    const kind = kindOf(ruleOf(story))
    return seen.has(kind) ? false : seen.add(kind)
  })
}

/** Sets a program up; tells the verdict over a proof of a witness, true or false. Its Rom, if any, is the statement's program. */
export async function judgeProofs(program: Pilout): Promise<(witness: ProgramWitness) => Promise<string>> {
  const key = await setup(program, { backend })
  return async (witness) => {
    const programKey = await programKeyOf(program, key, witness.instances)
    const proof = encodeProof(await prove({ key, witness, programKey, profile: 'test', backend }))
    const result = verify(proof, key.prepared, { programDigest: programDigest(programKey), acceptInsecure: true })
    return result.ok ? 'ok' : result.error.code
  }
}

async function programKeyOf(program: Pilout, key: ProvingKey, instances: readonly AirInstance[]): Promise<ProgramKey> {
  const rom = instances.find(({ airGroup, air }) => program.airGroups[airGroup]!.airs[air]!.name === 'Rom')
  if (rom === undefined) return EMPTY_PROGRAM_KEY
  const commit = { commit: 'rom', logRows: Math.log2(rom.rows), columns: rom.custom }
  return { ...EMPTY_PROGRAM_KEY, commits: [await commitCustom(key, { backend }, commit)] }
}

/** How a verifier refuses what no constraint or bus allows. */
export const REFUSED: readonly string[] = ['PROOF_CONSTRAINTS_FAILED', 'PROOF_GLOBAL_CONSTRAINT_FAILED']
