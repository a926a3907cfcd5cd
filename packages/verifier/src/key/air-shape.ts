/** What the protocol derives from a verifying key: per AIR its committed columns, openings and degrees. */
import {
  type Air,
  type ExpressionDag,
  effectiveDegree,
  MAX_CONSTRAINT_DEGREE,
  NODE,
  nodeDegrees,
  openingsOf,
  visitReachable,
} from '@zisk/air'
import { reject } from '../errors.ts'
import { isCheapFixed } from './cheap-fixed.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** Number of polynomials of degree below the greatest height of a shard that its quotient is cut into. */
export const QUOTIENT_PIECES: number = MAX_CONSTRAINT_DEGREE - 1

/** Where a column is committed. */
export type ColumnKind = 'fixed' | 'custom' | 'stage1' | 'stage2'

/** A committed column at one row offset. */
export interface ColumnOpening {
  readonly kind: ColumnKind
  /** Position among the AIR's columns of this kind, in the order in which they are committed. */
  readonly position: number
  readonly offset: number
}

/** One AIR, ready for use by prover and verifier. */
export interface AirShape {
  /** Position in the list of all AIRs, group after group. */
  readonly index: number
  readonly group: number
  readonly air: Air
  /** At most one instance per run. */
  readonly single: boolean
  /** Witness columns by stage, as indexes into `air.witness`. */
  readonly stage1: readonly number[]
  readonly stage2: readonly number[]
  /** Fixed columns that are committed, as indexes into `air.fixed`. */
  readonly fixed: readonly number[]
  /** Custom columns by custom commit, as indexes into `air.customColumns`. */
  readonly custom: readonly (readonly number[])[]
  /** Air-group values that the constraints use, as indexes into the group's list. */
  readonly airGroupValues: readonly number[]
  readonly openings: readonly ColumnOpening[]
  /** Openings of witness columns: evaluations that every instance brings of its own. */
  readonly ownOpenings: number
  readonly maxDegree: number
  /** Largest row offset less the smallest. */
  readonly offsetSpan: number
  /** Sum of the degrees of the constraints in the challenges. */
  readonly challengeDegree: number
}

/**
 * The shapes of all AIRs of a key.
 *
 * @throws VerificationError VERIFYING_KEY_INVALID when the program uses something that the protocol does not have:
 * stages above 2, challenges of stage 1, proof values of stage 2, a constraint of too high a degree, custom commits bound
 * to publics, air-group values that begin otherwise than with the neutral element.
 */
export function airShapes(key: Pick<VerifyingKey, 'program' | 'singles'>): readonly AirShape[] {
  const { program } = key
  if (program.challenges.some(({ stage }) => stage !== 2)) unsupported('challenges of a stage other than 2')
  if (program.proofValues.some(({ stage }) => stage !== 1)) unsupported('proof values of a stage other than 1')
  for (const group of program.airGroups)
    for (const { aggregate, defaultValue, stage } of group.airGroupValues) {
      // An instance that is absent contributes nothing: 0 to a sum, 1 to a product.
      if (defaultValue !== (aggregate === 'sum' ? 0n : 1n))
        unsupported('air-group values other than sums from 0 and products from 1')
      // Earlier ones would have to be bound before the lookup challenges.
      if (stage !== 2) unsupported('air-group values of a stage other than 2')
    }
  let index = 0
  return program.airGroups.flatMap((group, g) =>
    group.airs.map((air) => airShape(air, { index: index++, group: g, single: key.singles.includes(air.name) })),
  )
}

function airShape(air: Air, place: Pick<AirShape, 'index' | 'group' | 'single'>): AirShape {
  const columnsOf = (stage: number) => air.witness.flatMap((column, i) => (column.stage === stage ? [i] : []))
  const stage1 = columnsOf(1)
  const stage2 = columnsOf(2)
  if (stage1.length + stage2.length !== air.witness.length) unsupported('witness columns of a stage above 2', air)
  if (air.airValues.some(({ stage }) => stage !== 1 && stage !== 2)) unsupported('air values of a stage above 2', air)
  if (air.customCommits.some(({ publics }) => publics.length > 0)) unsupported('custom commits bound to publics', air)
  const minLogRows = air.logHeights[0]!
  const fixed = air.fixed.flatMap(({ content }, i) => (isCheapFixed(content, minLogRows) ? [] : [i]))
  if (fixed.length > 0 && air.logHeights.length > 1) unsupported('committed fixed columns at several heights', air)
  const custom = air.customCommits.map((_, commit) =>
    air.customColumns.flatMap((column, i) => (column.commit === commit ? [i] : [])),
  )
  const degrees = nodeDegrees(air.expressions)
  const maxDegree = air.constraints.reduce(
    (top, { rows, expression }) => Math.max(top, effectiveDegree(rows, degrees[expression]!)),
    1,
  )
  if (maxDegree > MAX_CONSTRAINT_DEGREE) unsupported(`constraints of degree ${maxDegree}`, air)
  const placeOf = { fixed, stage1, stage2, custom: custom.flat() }
  const openings = openingsOf(air).flatMap(({ kind, column, rowOffset }): ColumnOpening[] => {
    const at = kind !== 'witness' ? kind : air.witness[column]!.stage === 1 ? 'stage1' : 'stage2'
    const position = placeOf[at].indexOf(column)
    return position < 0 ? [] : [{ kind: at, position, offset: rowOffset }]
  })
  if (openings.every(({ kind }) => kind !== 'stage1')) unsupported('an AIR without a constrained witness column', air)
  const offsets = [0, ...openings.map(({ offset }) => offset)]
  return {
    ...place,
    air,
    stage1,
    stage2,
    fixed,
    custom,
    airGroupValues: usedGroupValues(air, place.group),
    openings,
    ownOpenings: openings.filter(({ kind }) => kind === 'stage1' || kind === 'stage2').length,
    maxDegree,
    offsetSpan: Math.max(...offsets) - Math.min(...offsets),
    challengeDegree: challengeDegree(air),
  }
}

function usedGroupValues(air: Air, group: number): number[] {
  const { kinds, a, b } = air.expressions
  const used = new Set<number>()
  visitReachable(
    air.expressions,
    air.constraints.map(({ expression }) => expression),
    (id) => {
      if (kinds[id] !== NODE.airGroupValue) return
      if (a[id] !== group) unsupported('constraint over the values of another air group', air)
      used.add(b[id]!)
    },
  )
  return [...used].sort((x, y) => x - y)
}

function challengeDegree({ expressions, constraints }: Air): number {
  const degrees = degreesInChallenges(expressions)
  return constraints.reduce((sum, { expression }) => sum + degrees[expression]!, 0)
}

function degreesInChallenges({ kinds, a, b }: ExpressionDag): Uint32Array {
  const degrees = new Uint32Array(kinds.length)
  for (let id = 0; id < kinds.length; id++) {
    const kind = kinds[id]!
    if (kind === NODE.challenge) degrees[id] = 1
    else if (kind === NODE.neg) degrees[id] = degrees[a[id]!]!
    else if (kind === NODE.add || kind === NODE.sub) degrees[id] = Math.max(degrees[a[id]!]!, degrees[b[id]!]!)
    else if (kind === NODE.mul) degrees[id] = degrees[a[id]!]! + degrees[b[id]!]!
  }
  return degrees
}

function unsupported(what: string, air?: Air): never {
  reject('VERIFYING_KEY_INVALID', `the protocol has no ${what}`, air?.name)
}
