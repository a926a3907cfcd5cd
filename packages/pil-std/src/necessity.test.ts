/**
 * Every constraint and every bus term of the examples is needed: without it a forged witness passes that is refused with
 * it. Forgers fill table multiplicities and hinted columns anew, as a prover would.
 */
import {
  type AirInstance,
  BUS_TERM_HINT,
  busTerms,
  type Checker,
  type CheckReport,
  createChecker,
  createInstance,
  fillHintedColumns,
  fillMultiplicities,
  type Origin,
  type Pilout,
  type ProgramWitness,
  sourceLabel,
} from '@zisk/air'
import { add, P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { compileExample, type Example } from './example.ts'
import { EXAMPLES } from './examples/all.ts'
import { FORGERIES, type Forgery, UNFORGED } from './forgeries.ts'

const OPTIONS = { sums: false, stage2: false } as const

/** A copy of a witness with a change, all tables, and multiplicities that fit. */
function forge(program: Pilout, honest: ProgramWitness, change: Forgery): ProgramWitness {
  const present = new Set(honest.instances.map(({ airGroup, air }) => program.airGroups[airGroup]!.airs[air]!))
  const tables = program.airGroups.flatMap((group) =>
    group.airs.filter((air) => air.template === 'StdTables' && !present.has(air)),
  )
  const forged: ProgramWitness = {
    publics: [...honest.publics],
    proofValues: [...honest.proofValues],
    instances: [
      ...honest.instances.map((instance) => ({
        ...instance,
        witness: instance.witness.map((column) => column?.slice()),
        airValues: [...instance.airValues],
      })),
      ...tables.map(({ name }) => createInstance(program, { air: name })),
    ],
  }
  change(forged)
  fillHintedColumns(program, forged)
  change(forged)
  fillMultiplicities(program, forged)
  return forged
}

/** Rows that are changed in a column: both ends and some between. */
function rowsOf({ length }: BigUint64Array): number[] {
  return [...new Set([0, 1, 2, 5, length >> 1, length - 2, length - 1])].filter((row) => row >= 0 && row < length)
}

/** Every cell, air value, public and proof value of a small set, with some other values. */
function* changesOf(program: Pilout, honest: ProgramWitness): Iterable<Forgery> {
  const others = (old: bigint): Set<bigint> =>
    new Set([add(old, 1n), add(old, P - 1n), 0n, 1n, 2n, 200n, add(old, 1n << 40n)])
  for (const [at, instance] of honest.instances.entries()) {
    const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
    if (air.template === 'StdTables') continue
    for (const [i, { stage }] of air.witness.entries()) {
      if (stage >= 2) continue
      const column = instance.witness[i]!
      for (const row of rowsOf(column))
        for (const value of others(column[row]!))
          yield ({ instances }) => {
            instances[at]!.witness[i]![row] = value
          }
    }
    for (const [i, { stage }] of air.airValues.entries()) {
      if (stage >= 2) continue
      for (const value of others(instance.airValues[i]!))
        yield ({ instances }) => {
          instances[at]!.airValues[i] = value
        }
    }
  }
  for (const list of ['publics', 'proofValues'] as const)
    for (const [i, old] of honest[list].entries())
      for (const value of others(old))
        yield (witness) => {
          ;(witness[list] as bigint[])[i] = value
        }
}

/** A constraint or bus term, by AIR (empty for global ones) and position. */
interface Part {
  readonly what: 'constraint' | 'term'
  readonly air: string
  readonly index: number
  readonly text: string
  /** Where a term stands. */
  readonly at: string
}

const site = ({ source, trail }: Origin): string => [source, ...trail].join()

const nameOf = ({ what, air, index }: Pick<Part, 'what' | 'air' | 'index'>): string => `${what} ${air} ${index}`

/** Constraints of stage 1, and the terms that demand something; the others only offer. */
function partsOf(program: Pilout): Part[] {
  const parts: Part[] = []
  const terms = (air: string, scope: Parameters<typeof busTerms>[1]): void => {
    for (const [index, term] of busTerms(program, scope).entries())
      if (term.side !== 'proves') {
        const origin = {
          source: sourceLabel(program, term.source),
          trail: term.trail.map((t) => sourceLabel(program, t)),
        }
        parts.push({ what: 'term', air, index, text: `${term.side} ${term.name}`, at: site(origin) })
      }
  }
  for (const air of program.airGroups.flatMap((group) => group.airs)) {
    if (air.template === 'StdTables') continue
    for (const [index, { label }] of air.constraints.entries())
      if (!/std_|im \*/.test(label)) parts.push({ what: 'constraint', air: air.name, index, text: label, at: '' })
    terms(air.name, air)
  }
  for (const [index, { label }] of program.constraints.entries())
    if (!label.includes('of_all_buses')) parts.push({ what: 'constraint', air: '', index, text: label, at: '' })
  terms('', program)
  return parts
}

/** The program without a bus term. */
function without(program: Pilout, { air, index }: Part): Pilout {
  const strip = <T extends Pick<Pilout, 'hints'>>(scope: T): T => {
    const target = scope.hints.filter(({ name }) => name === BUS_TERM_HINT)[index]
    return { ...scope, hints: scope.hints.filter((hint) => hint !== target) }
  }
  if (air === '') return strip(program)
  const airGroups = program.airGroups.map((group) => ({
    ...group,
    airs: group.airs.map((candidate) => (candidate.name === air ? strip(candidate) : candidate)),
  }))
  return { ...program, airGroups }
}

/** The one constraint that all failures of a report are about, if there is one. */
function onlyConstraint(program: Pilout, witness: ProgramWitness, { failures }: CheckReport): string | undefined {
  // That an id is in its list is for the constraints of a program to see to: no proof checks it.
  const names = new Set(
    failures
      .filter(({ kind }) => kind !== 'id')
      .map((failure) => {
        if (failure.kind === 'global') return nameOf({ what: 'constraint', air: '', index: failure.constraint })
        if (failure.kind !== 'constraint') return 'bus'
        const { airGroup, air } = witness.instances[failure.position] as AirInstance
        const { name } = program.airGroups[airGroup]!.airs[air]!
        return nameOf({ what: 'constraint', air: name, index: failure.constraint })
      }),
  )
  return names.size === 1 ? [...names][0] : undefined
}

describe.each(EXAMPLES)('$name', (example: Example) => {
  test('every constraint and bus term is needed', () => {
    const program = compileExample(example.name)
    const honest = example.witness(program)
    const checker = createChecker(program)
    const parts = partsOf(program).filter(({ air, text }) => UNFORGED[`${example.name} ${air}: ${text}`] === undefined)
    const open = new Map(parts.map((part) => [nameOf(part), part]))
    const reduced = new Map<string, Checker>()
    const tryChange = (change: Forgery): void => {
      const forged = forge(program, honest, change)
      const report = checker.check(forged, OPTIONS)
      const only = report.ok ? undefined : onlyConstraint(program, forged, report)
      if (only !== undefined) open.delete(only)
      if (report.failures.some((failure) => failure.kind !== 'bus')) return
      const blamed = new Set(
        report.failures.flatMap((failure) => (failure.kind === 'bus' ? failure.origins : [])).map(site),
      )
      for (const [name, part] of open) {
        if (part.what !== 'term' || !(report.ok || blamed.has(part.at))) continue
        // A term that an honest run cannot do without is needed as well.
        const other = reduced.get(name) ?? createChecker(without(program, part))
        reduced.set(name, other)
        const accepted = other.check(forge(other.program, honest, change), OPTIONS).ok
        if (accepted !== report.ok) open.delete(name)
      }
    }
    tryChange(() => undefined)
    for (const forgery of FORGERIES[example.name] ?? []) tryChange(forgery)
    for (const change of changesOf(program, honest)) {
      if (open.size === 0) break
      tryChange(change)
    }
    expect([...open.values()].map(({ air, text }) => `${air}: ${text}`)).toEqual([])
  })
})
