/**
 * Setup: from a compiled PIL program to the keys. The verifying key holds the constraints after degree reduction, without
 * names, hints and sources; the proving key holds the program with everything that a prover needs beside it.
 */
import {
  type Air,
  decodePilout,
  encodePilout,
  extractDag,
  materializeFixed,
  NODE,
  type Pilout,
  type ReducedAir,
  reduceDegree,
} from '@zisk/air'
import {
  type CommitmentRoot,
  encodeVerifyingKey,
  fixedMatrices,
  type HashName,
  hasherNamed,
  isCheapFixed,
  PROFILES,
  PROGRAM_PARAMETERS,
  type PreparedKey,
  type ProgramCommit,
  type ProgramValue,
  prepareVerifyingKey,
} from '@zisk/verifier'
import type { Backend, ColumnMatrix, HeldMatrix } from './backend/backend.ts'
import { ProverError } from './errors.ts'
import { type AirPrograms, airPrograms } from './wasm/air-programs.ts'

/** Everything that proving needs of a program. */
export interface ProvingKey {
  readonly program: Pilout
  /** By AIR, group after group. */
  readonly originals: readonly Air[]
  /** The constraints of the AIR at this position after degree reduction; read or made when first asked for. */
  readonly reduced: (air: number) => ReducedAir
  /** The programs of the AIR at this position; read or compiled when first asked for. */
  readonly programs: (air: number) => AirPrograms
  readonly verifyingKey: Uint8Array
  readonly prepared: PreparedKey
}

/** Options of {@link setup}. */
export interface SetupOptions {
  readonly backend: Backend
  /** Hashes for which the fixed columns are committed, at every rate of the profiles. */
  readonly hashes?: readonly HashName[]
  /** AIRs of which a run has at most one instance; when absent, those with committed fixed or custom columns. */
  readonly singles?: readonly string[]
}

/** Rates of all profiles. */
const RATES: readonly number[] = [...new Set(PROFILES.map(({ logBlowup }) => logBlowup))].sort((x, y) => x - y)

/** Makes the keys of a program. @throws ProverError SETUP_UNSUPPORTED, VerificationError VERIFYING_KEY_INVALID. */
export async function setup(program: Pilout, options: SetupOptions): Promise<ProvingKey> {
  const withoutRoots = keyWithoutRoots(program, options.singles)
  const { originals, prepared } = withoutRoots
  const matrices = fixedMatrices(prepared.shapes, 0).map(({ air }) =>
    fixedMatrix(originals[air]!, prepared.shapes[air]!.fixed),
  )
  if (matrices.length === 0) return withoutRoots
  const fixedRoots = await commitAtAllRates(options.backend, options.hashes ?? ['blake3'], matrices)
  return { ...withoutRoots, ...preparedKey(encodeVerifyingKey({ ...prepared.key, fixedRoots })) }
}

/** The keys of a program whose fixed columns are not committed yet. */
function keyWithoutRoots(program: Pilout, named: readonly string[] | undefined): ProvingKey {
  const originals = program.airGroups.flatMap(({ airs }) => airs)
  const reduced = originals.map((air) => reduceDegree(program, air))
  const singles = named ?? originals.filter(isTable).map(({ name }) => name)
  const verifyingKey = encodeVerifyingKey({
    program: strip(program, reduced),
    singles,
    programValues: programValuesOf(program),
    fixedRoots: [],
  })
  const verified = preparedKey(verifyingKey)
  const programs = once((air) => {
    const { shapes } = verified.prepared
    return airPrograms(program, { original: originals[air]!, reduced: reduced[air]!, verified: shapes[air]!.air })
  })
  return { program, originals, reduced: (air) => reduced[air]!, programs, ...verified }
}

/** Makes the value of each position when it is first asked for. */
export function once<T>(make: (position: number) => T): (position: number) => T {
  const known = new Map<number, T>()
  return (position) => {
    const value = known.get(position) ?? make(position)
    known.set(position, value)
    return value
  }
}

/** The part of a proving key that follows from the verifying key. */
export function preparedKey(verifyingKey: Uint8Array): Pick<ProvingKey, 'verifyingKey' | 'prepared'> {
  return { verifyingKey, prepared: prepareVerifyingKey(verifyingKey) }
}

/** The columns of one custom commit. */
export interface CustomColumns extends ColumnMatrix {
  /** Name of the commit in the PIL program. */
  readonly commit: string
}

/** Commits the custom columns of one guest program, for its program key. */
export async function commitCustom(
  key: ProvingKey,
  options: { readonly backend: Backend; readonly hashes?: readonly HashName[] },
  custom: CustomColumns,
): Promise<ProgramCommit> {
  const known = key.originals.some(({ customCommits }) => customCommits.some(({ name }) => name === custom.commit))
  if (!known)
    throw new ProverError({ code: 'PROVER_INPUT_INVALID', message: `no AIR has a custom commit ${custom.commit}` })
  const { commit: name, logRows, columns } = custom
  const roots = await commitAtAllRates(options.backend, options.hashes ?? ['blake3'], [{ logRows, columns }])
  return { name, logRows, roots }
}

/** The committed fixed columns of an AIR. */
export function fixedMatrix(air: Air, columns: readonly number[]): ColumnMatrix {
  return {
    logRows: air.logHeights[0]!,
    columns: columns.map((i) => materializeFixed(air.fixed[i]!.content, 2 ** air.logHeights[0]!, air.fixed[i]!.name)),
  }
}

async function commitAtAllRates(
  backend: Backend,
  hashes: readonly HashName[],
  matrices: readonly ColumnMatrix[],
): Promise<CommitmentRoot[]> {
  const roots: CommitmentRoot[] = []
  for (const name of hashes) {
    const hasher = hasherNamed(name)
    if (hasher === undefined) throw new ProverError({ code: 'SETUP_UNSUPPORTED', message: `hash ${name} is not known` })
    for (const logBlowup of RATES) {
      const held: HeldMatrix[] = []
      for (const matrix of matrices) held.push(await backend.load(matrix))
      const commitment = await backend.commit(held, { logBlowup, hasher })
      roots.push({ hash: hasher.id, logBlowup, root: commitment.root })
      backend.release(commitment)
    }
  }
  return roots
}

/** The public values that `@program_value{parameter, value}` hints tie to the program key. */
function programValuesOf({ hints, expressions: { kinds, a } }: Pilout): ProgramValue[] {
  return hints
    .filter(({ name }) => name === 'program_value')
    .map(({ fields: { parameter, value } }) => {
      const named = PROGRAM_PARAMETERS.find(
        (candidate) => parameter?.kind === 'string' && candidate === parameter.value,
      )
      if (named === undefined || value?.kind !== 'expression' || kinds[value.expression] !== NODE.public)
        throw new ProverError({
          code: 'SETUP_UNSUPPORTED',
          message: `program_value expected a public value and one of ${PROGRAM_PARAMETERS.join(', ')}`,
        })
      return { public: a[value.expression]!, parameter: named }
    })
}

function isTable(air: Air): boolean {
  return air.customCommits.length > 0 || air.fixed.some(({ content }) => !isCheapFixed(content, air.logHeights[0]!))
}

/** The program as the verifier sees it, in canonical form. */
function strip(program: Pilout, reduced: readonly ReducedAir[]): Pilout {
  const source = { file: 0, line: 1, column: 1 }
  const anonymous = <T extends object>({ source: _, ...entry }: T & { source?: unknown }): Omit<T, 'source'> => entry
  let next = 0
  const { dag, map } = extractDag(
    program.expressions,
    program.constraints.map(({ expression }) => expression),
  )
  const bare: Pilout = {
    ...program,
    files: [''],
    airGroups: program.airGroups.map((group) => ({
      ...group,
      airs: group.airs.map(() => stripAir(reduced[next++]!.air)),
    })),
    constraints: program.constraints.map((c) => ({
      ...c,
      expression: map(c.expression),
      label: '',
      source,
      trail: [],
    })),
    hints: [],
    expressions: dag,
  }
  return decodePilout(encodePilout(bare))

  function stripAir(air: Air): Air {
    const { dag, map } = extractDag(
      air.expressions,
      air.constraints.map(({ expression }) => expression),
    )
    return {
      ...air,
      template: '',
      witness: air.witness.map(({ stage }) => ({ name: '', index: [], stage })),
      fixed: air.fixed.map((column, i) => ({
        ...anonymous(column),
        content: isCheapFixed(column.content, air.logHeights[0]!)
          ? column.content
          : { kind: 'external' as const, file: '', column: i },
      })),
      customColumns: air.customColumns.map((column) => anonymous(column)),
      expressions: dag,
      constraints: air.constraints.map((c) => ({ ...c, expression: map(c.expression), label: '', source, trail: [] })),
      hints: [],
      source,
    }
  }
}
