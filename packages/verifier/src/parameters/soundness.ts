/**
 * Round-by-round soundness of a proof of a given shape, term by term. The security of a proof is the smallest of its
 * terms; a term is -log2 of the probability that a cheating prover survives that round.
 *
 * Inputs of smaller heights are rolled in while folding. In the argument every column f of height n is read on the
 * largest domain as f(X^(N/n)), so that one set of agreeing positions serves all heights: a folding round with a
 * roll-in is a curve of degree = arity (coefficients: the `arity` parts of the word and the rolled-in word), and the
 * tuples of codewords near the committed words form one list, bounded by the Johnson bound of the interleaved code.
 */
import { QUOTIENT_PIECES } from '../key/air-shape.ts'
import type { FoldingRound } from './folding.ts'
import type { Profile } from './profile.ts'
import { johnsonBound, LOG_FIELD_SIZE, logQueryError, type ProximityBound, uniqueDecodingBound } from './proximity.ts'

/** All instances of one height. */
export interface HeightShape {
  readonly logRows: number
  /** Terms combined by powers of the DEEP challenge: opened (column, row offset) pairs. */
  readonly openings: number
  /** Constraints combined by powers of the constraint challenge. */
  readonly constraints: number
  /** Largest degree of a constraint in the columns. */
  readonly maxDegree: number
  /** Span of the row offsets in use. */
  readonly offsetSpan: number
}

/** What the soundness of a proof depends on. */
export interface ProofShape {
  readonly heights: readonly HeightShape[]
  readonly rounds: readonly FoldingRound[]
  /** Degree, in the stage-2 challenges, of the product of all denominators of the run: sum over rows and constraints. */
  readonly challengeDegree: number
}

/** One round and what it gives. */
export interface SoundnessTerm {
  readonly round: string
  readonly bits: number
}

/** Security of one shape under one profile. */
export interface SoundnessReport {
  /** Smallest term. */
  readonly bits: number
  readonly terms: readonly SoundnessTerm[]
  readonly regime: Profile['regime']
  /** Multiplicity of the Johnson bound that gave the best minimum; absent under unique decoding. */
  readonly multiplicity?: number
}

/** Collision resistance of 256-bit digests. */
const COLLISION_BITS = 128
const MIN_MULTIPLICITY = 3
const MAX_MULTIPLICITY = 1000

/**
 * The security of a proof of this shape, with the multiplicity that proves most: the queries gain from a larger one,
 * every other term loses, so the best lies where they cross.
 */
export function soundness(profile: Profile, shape: ProofShape): SoundnessReport {
  const rate = 2 ** -profile.logBlowup
  if (profile.regime === 'unique') return report(profile, shape, uniqueDecodingBound(rate))
  const at = (multiplicity: number): SoundnessReport => ({
    ...report(profile, shape, johnsonBound(rate, multiplicity)),
    multiplicity,
  })
  let [low, high] = [MIN_MULTIPLICITY, MAX_MULTIPLICITY]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const { bits, terms } = at(middle)
    const queries = terms.find(({ round }) => round === 'queries')!
    if (queries.bits > bits) high = middle
    else low = middle
  }
  const [below, above] = [at(low), at(high)]
  return above.bits > below.bits ? above : below
}

function report(profile: Profile, shape: ProofShape, bound: ProximityBound): SoundnessReport {
  const terms: SoundnessTerm[] = []
  const add = (round: string, logError: number) => terms.push({ round, bits: -logError })
  const { heights, rounds } = shape
  if (shape.challengeDegree > 0)
    add('lookup challenges', bound.logListSize + Math.log2(2 * shape.challengeDegree) - LOG_FIELD_SIZE)
  const constraints = heights.reduce((sum, height) => sum + height.constraints, 0)
  add('constraint challenge', bound.logListSize + Math.log2(Math.max(1, constraints)) - LOG_FIELD_SIZE)
  add('out-of-domain point', bound.logListSize + Math.log2(outOfDomainDegree(heights)) - LOG_FIELD_SIZE)
  add(
    'DEEP batching',
    logSum(heights, (h) => logTimes(h.openings - 1, bound, h.logRows + profile.logBlowup)),
  )
  for (const [i, { logDegree, logArity }] of rounds.entries())
    add(`folding ${i}`, logTimes(2 ** logArity, bound, logDegree - logArity + profile.logBlowup))
  add('queries', logQueryError(bound, profile.queries) - profile.grindingBits)
  terms.push({ round: 'digest collisions', bits: COLLISION_BITS })
  return { bits: Math.min(...terms.map((term) => term.bits)), terms, regime: profile.regime }
}

/**
 * Degree of the polynomial identity checked at z: constraints times the vanishing polynomials of the rows that are not of
 * their height on one side, the quotient times that of the greatest height on the other.
 */
function outOfDomainDegree(heights: readonly HeightShape[]): number {
  const most = (value: (height: HeightShape) => number): number => Math.max(...heights.map(value))
  const rows = 2 ** most((h) => h.logRows)
  return (
    Math.max(
      most((h) => h.maxDegree),
      QUOTIENT_PIECES + 1,
    ) *
      rows +
    most((h) => h.offsetSpan)
  )
}

function logTimes(degree: number, bound: ProximityBound, logLength: number): number {
  return Math.log2(Math.max(1, degree)) + bound.logLineError(logLength)
}

function logSum<T>(items: readonly T[], logTerm: (item: T) => number): number {
  return Math.log2(items.reduce((sum, item) => sum + 2 ** logTerm(item), 0))
}
