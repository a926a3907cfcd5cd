import { P } from '@zisk/field'
import type { RowJudge, RowVerdict } from './judge-row.ts'
import { seededRandom } from './seeded-random.ts'

/** Which cells to change, and to what. */
export interface MutationOptions {
  readonly air: string
  readonly rows: readonly number[]
  readonly seed: number
  /** Columns that are left alone, by their PIL names. */
  readonly skip?: readonly string[]
  /** Whether a tuple `id,field,...` that a row puts on a bus is true; without it, tuples are only compared. */
  readonly isTrue?: (tuple: string) => boolean
  /** The same for all that a row puts on buses, with multiplicities. */
  readonly isTrueRow?: (tuples: ReadonlyMap<string, bigint>) => boolean
}

/** A change that nothing reported. */
export interface Survivor {
  readonly column: string
  readonly row: number
  readonly from: bigint
  readonly to: bigint
}

/** Result of a mutation test. */
export interface MutationReport {
  readonly mutations: number
  readonly killed: number
  readonly survivors: readonly Survivor[]
  /** Changes that make a row say something false which only its users' claims could contradict. */
  readonly lies: readonly Survivor[]
}

/**
 * Changes every column of the given rows, one cell at a time, to several other values, and reports the changes that keep
 * all constraints, all lookups, and everything that the row says on other buses. Table multiplicities follow the change,
 * as a forger would make them.
 */
export function mutateRows(judge: RowJudge, options: MutationOptions): MutationReport {
  const random = seededRandom(options.seed)
  const instance = judge.instanceOf(options.air)
  const survivors: Survivor[] = []
  const lies: Survivor[] = []
  let mutations = 0
  for (const row of options.rows) {
    const honest = judge.judge(options.air, row)
    if (honest.constraints.length + honest.lookups.length > 0)
      throw new RangeError(`row ${row} of ${options.air} is not honest: ${describe(honest)}`)
    for (const [index, column] of instance.labels.entries()) {
      const values = instance.witness[index]
      if (values === undefined || values.length === 0 || options.skip?.includes(column)) continue
      const from = values[row]!
      for (const to of changes(from, random)) {
        values[row] = to
        const verdict = judge.judge(options.air, row)
        values[row] = from
        mutations++
        if (verdict.constraints.length + verdict.lookups.length > 0) continue
        const change = { column, row, from, to }
        if (sameTuples(honest, verdict)) survivors.push(change)
        const { isTrue = () => true, isTrueRow = () => true } = options
        if (!isTrueRow(verdict.tuples) || ![...verdict.tuples.keys()].every(isTrue)) lies.push(change)
      }
    }
  }
  return { mutations, killed: mutations - survivors.length, survivors, lies }
}

/** Neighbours, the other bit, zero, the ends of 16 and 32 bits, and something large. */
function changes(from: bigint, random: () => number): Set<bigint> {
  const large = (BigInt(random()) << 31n) + BigInt(random())
  const all = [from + 1n, from - 1n, 1n - from, 0n, from + 0x1_0000n, from + 0x1_0000_0000n, from ^ 0x8000n, large]
  const set = new Set(all.map((value) => ((value % P) + P) % P))
  set.delete(from)
  return set
}

function sameTuples(x: RowVerdict, y: RowVerdict): boolean {
  if (x.tuples.size !== y.tuples.size) return false
  for (const [key, multiplicity] of x.tuples) if (y.tuples.get(key) !== multiplicity) return false
  return true
}

function describe({ constraints, lookups }: RowVerdict): string {
  return [...constraints, ...lookups].join('; ')
}
