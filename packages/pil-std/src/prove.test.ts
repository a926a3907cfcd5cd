import {
  type AirInstance,
  createChecker,
  createInstance,
  entryLabel,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { add } from '@zisk/field'
import {
  type Backend,
  commitCustom,
  createInlineEngine,
  createReferenceBackend,
  createWasmBackend,
  type ProvingKey,
  prove,
  setup,
} from '@zisk/prover'
import { EMPTY_PROGRAM_KEY, encodeProof, type ProgramKey, programDigest, verify } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileExample, compileText, complete, type Example, instanceOf } from './example.ts'
import { EXAMPLES } from './examples/all.ts'

const backend = createWasmBackend(createInlineEngine())
const reference = createReferenceBackend()
/** Rows up to which the back end that computes by definition is quick, and every column gets its own forgery. */
const SMALL_ROWS = 1024
/** Columns forged in each larger example. */
const LARGE_FORGERIES = 3

/** Commits the custom columns of the witness: they are the program of the statement. */
async function programKeyOf(program: Pilout, key: ProvingKey, witness: ProgramWitness): Promise<ProgramKey> {
  const commits = []
  for (const instance of witness.instances) {
    const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
    const [commit] = air.customCommits
    if (commit === undefined) continue
    const logRows = Math.log2(instance.rows)
    commits.push(await commitCustom(key, { backend }, { commit: commit.name, logRows, columns: instance.custom }))
  }
  return { ...EMPTY_PROGRAM_KEY, commits }
}

/** The first row that the example says is not free, for each stage-1 column of an instance. */
function* columnsOf(
  program: Pilout,
  example: Example,
  instance: AirInstance,
): Iterable<{ label: string; values: BigUint64Array; row: number }> {
  const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
  for (const [i, column] of air.witness.entries()) {
    if (column.stage >= 2) continue
    const label = `${air.name}.${entryLabel(column)}`
    const free = example.cells[label]?.free?.rows ?? (() => false)
    const row = [...instance.witness[i]!.keys()].find((r) => r > 0 && !free(r))!
    yield { label, values: instance.witness[i]!, row }
  }
}

describe.each(EXAMPLES)('$name', (example) => {
  const program = compileExample(example.name)
  const witness = example.witness(program)
  const isSmall = witness.instances.reduce((rows, instance) => rows + instance.rows, 0) <= SMALL_ROWS
  let key: ProvingKey
  let programKey: ProgramKey
  beforeAll(async () => {
    key = await setup(program, { backend })
    programKey = await programKeyOf(program, key, witness)
  })

  const proofBytes = async (by: Backend): Promise<Uint8Array> =>
    encodeProof(await prove({ key, witness, programKey, profile: 'test', backend: by }))

  /** Proves a witness and says whether the proof verifies. */
  async function proves(): Promise<boolean> {
    const options = { programDigest: programDigest(programKey), publics: witness.publics, acceptInsecure: true }
    return verify(await proofBytes(backend), key.prepared, options).ok
  }

  test('what the checker accepts proves and verifies', async () => {
    expect(await proves()).toBe(true)
    if (isSmall) expect(await proofBytes(reference), 'both back ends').toEqual(await proofBytes(backend))
  })

  test('what the checker reports does not', async () => {
    const checker = createChecker(program)
    const all = witness.instances.flatMap((instance) => [...columnsOf(program, example, instance)])
    const step = isSmall ? 1 : Math.ceil(all.length / LARGE_FORGERIES)
    for (const { label, values, row } of all.filter((_, i) => i % step === 0)) {
      const old = values[row]!
      values[row] = add(old, 1n)
      expect(checker.check(witness, { stage2: false }).ok, label).toBe(false)
      expect(await proves().catch(() => false), label).toBe(false)
      values[row] = old
    }
    expect(await proves()).toBe(true)
  })
})

test('fields of two parts of a table make no tuple, whatever the multiplicities', async () => {
  const program = compileText(`require "std.pil";
    airtemplate A(const int N = 2**3) { col witness x, y; lookup_assumes(7, [x, y]); }
    airtemplate T(const int N = 2**13) {
      col fixed X = [0..N - 1]; col fixed Y = [5..N + 4];
      lookup_proves_part(7, [X, Y], [0, 0]); lookup_proves_part(7, [X, Y], [2**13, 1]);
    }
    airgroup G { A(); virtual T(); }`)
  const key = await setup(program, { backend })
  const claim = (x: bigint, y: bigint): ProgramWitness => {
    const columns = { x: Array<bigint>(8).fill(x), y: Array<bigint>(8).fill(y) }
    return complete(program, [instanceOf(program, { air: 'A' }, columns)])
  }
  const proves = async (witness: ProgramWitness): Promise<boolean> => {
    const proof = encodeProof(await prove({ key, witness, profile: 'test', backend }))
    return verify(proof, key.prepared, { programDigest: programDigest(EMPTY_PROGRAM_KEY), acceptInsecure: true }).ok
  }
  // Row 3 of each part; then the x of one with the y of the other.
  for (const [x, y] of [
    [3n, 8n],
    [8195n, 9n],
  ] as const)
    expect(await proves(claim(x, y)), `${x}, ${y}`).toBe(true)
  const table = createInstance(program, { air: 'VirtualTable0' })
  for (const [x, y] of [
    [3n, 9n],
    [8195n, 8n],
  ] as const)
    for (const multiplicities of [
      [0n, 0n],
      [8n, 0n],
      [0n, 8n],
      [4n, 4n],
    ]) {
      const { instances, ...values } = claim(x, y)
      for (const [part, multiplicity] of multiplicities.entries()) table.witness[part]![3] = multiplicity
      const forged = { ...values, instances: [instances[0]!, table] }
      expect(await proves(forged).catch(() => false), `${x}, ${y}, ${multiplicities}`).toBe(false)
    }
})
