import type { Pilout } from '../model/pilout.ts'
import { type BusKind, type BusSide, busNames, busTerms } from './bus-terms.ts'

/** Who uses a bus. */
export interface BusSummary {
  /** Undefined for the terms whose id is an expression. */
  readonly id: bigint | undefined
  readonly name: string
  /** What the bus balances in; the library refuses a bus that is in two. */
  readonly kind: BusKind
  /** AIR names, or `global`, each once; by role. */
  readonly users: Readonly<Record<BusSide, readonly string[]>>
  /** Numbers of terms over all AIRs. */
  readonly terms: number
  /** Shortest and longest tuple, without the id. */
  readonly fields: readonly [min: number, max: number]
}

/** All buses of a program, by id; terms with a computed id come last, by name. */
export function summarizeBuses(program: Pilout): readonly BusSummary[] {
  const names = busNames(program)
  const found = new Map<
    string,
    { id: bigint | undefined; name: string; kind: BusKind; users: Record<BusSide, Set<string>>; lengths: number[] }
  >()
  const scopes = [
    ...program.airGroups.flatMap((group) => group.airs.map((air) => ({ user: air.name, scope: air }))),
    { user: 'global', scope: program },
  ]
  for (const { user, scope } of scopes) {
    for (const term of busTerms(program, scope)) {
      const id = typeof term.id === 'bigint' ? term.id : undefined
      const key = id === undefined ? `? ${term.name}` : id.toString()
      const name = (id === undefined ? undefined : names.get(id)) ?? term.name
      let entry = found.get(key)
      if (entry === undefined) {
        const users = { assumes: new Set<string>(), proves: new Set<string>(), free: new Set<string>() }
        entry = { id, name, kind: term.bus, users, lengths: [] }
        found.set(key, entry)
      }
      entry.users[term.side].add(user)
      entry.lengths.push(term.tuple.length)
    }
  }
  return [...found.values()]
    .sort((x, y) => compareIds(x.id, y.id) || (x.name < y.name ? -1 : 1))
    .map(({ id, name, kind, users, lengths }) => ({
      id,
      name,
      kind,
      users: { assumes: [...users.assumes], proves: [...users.proves], free: [...users.free] },
      terms: lengths.length,
      fields: [Math.min(...lengths), Math.max(...lengths)],
    }))
}

function compareIds(x: bigint | undefined, y: bigint | undefined): number {
  if (x === y) return 0
  if (x === undefined || y === undefined) return x === undefined ? 1 : -1
  return x < y ? -1 : 1
}
