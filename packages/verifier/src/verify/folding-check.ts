/**
 * The low-degree test. Each round folds 2^a neighbours of a codeword f(X) = sum X^j f_j(X^(2^a)) into
 * sum beta^j f_j(X); the codeword of a height is added with weight beta^(2^a) where folding reaches that height.
 */
import {
  type Ext,
  extAdd,
  extEquals,
  extMul,
  extPow,
  extScale,
  extSub,
  type Felt,
  inv,
  mul,
  pow,
  rootOfUnity,
} from '@zisk/field'
import { reject } from '../errors.ts'
import type { Digest, Hasher } from '../hash/hasher.ts'
import { type TreeOpening, verifyOpening } from '../merkle/multi-proof.ts'
import { treeShape } from '../merkle/tree-shape.ts'
import type { FoldingRound } from '../parameters/folding.ts'
import { inverseSubgroupPoint, reverseBits, subgroupPoint } from '../protocol/domain.ts'
import type { ShardLayout } from '../protocol/layout.ts'
import { type PackedExt, packExt, unpackExt } from '../protocol/packed-ext.ts'
import type { SparseCodeword } from './deep.ts'

/** 1 / 2. */
const HALF: Felt = inv(2n)

/** What the prover sent for the test, with the challenges drawn meanwhile. */
export interface FoldingMessages {
  readonly roots: readonly Digest[]
  readonly betas: readonly Ext[]
  readonly finalPolynomial: readonly Ext[]
  readonly openings: readonly TreeOpening[]
}

/**
 * Follows the queried positions from the tallest codeword to the final polynomial.
 *
 * @param inputs The codeword of each height at the queried positions, by log2 of the height.
 * @throws VerificationError PROOF_FOLDING_INVALID, PROOF_OPENING_INVALID or PROOF_SHAPE_INVALID.
 */
export function checkFolding(
  hasher: Hasher,
  layout: ShardLayout,
  inputs: ReadonlyMap<number, SparseCodeword>,
  messages: FoldingMessages,
): void {
  const { rounds, logFinalDegree } = layout.folding
  let current = inputs.get(layout.heights[0]!.logRows)!
  let added = 1
  for (const [r, round] of rounds.entries()) {
    const beta = messages.betas[r]!
    const rows = openRound(hasher, layout.logBlowup, round, current, {
      root: messages.roots[r]!,
      opening: messages.openings[r]!,
      where: `folding round ${r}`,
    })
    const rolledIn = inputs.get(round.logDegree - round.logArity)
    const weight = extPow(beta, 2n ** BigInt(round.logArity))
    const next = new Map<number, Ext>()
    for (const [position, values] of rows) {
      const folded = foldRow(values, round.logDegree + layout.logBlowup, position, beta)
      if (rolledIn === undefined) {
        next.set(position, folded)
        continue
      }
      const input = rolledIn.get(position)
      if (input === undefined) reject('PROOF_FOLDING_INVALID', `no codeword value at position ${position}`)
      next.set(position, extAdd(folded, extMul(weight, input)))
    }
    if (rolledIn !== undefined) added++
    current = next
  }
  // Schedules stop at every height. A codeword that is left out would not be tested at all.
  if (added !== inputs.size)
    reject('PROOF_FOLDING_INVALID', `expected ${inputs.size} codewords to be folded, got ${added}`)
  const logLength = logFinalDegree + layout.logBlowup
  const coefficients = messages.finalPolynomial.map(packExt)
  for (const [position, value] of current)
    if (!extEquals(evaluate(coefficients, subgroupPoint(logLength, position)), value))
      reject('PROOF_FOLDING_INVALID', 'the folded codeword is not the final polynomial')
}

/** The rows of a committed codeword that hold the current positions, completed with the values already known. */
function openRound(
  hasher: Hasher,
  logBlowup: number,
  { logDegree, logArity }: FoldingRound,
  current: SparseCodeword,
  { root, opening, where }: { readonly root: Digest; readonly opening: TreeOpening; readonly where: string },
): Map<number, Ext[]> {
  const arity = 2 ** logArity
  const rows = new Map<number, (Ext | undefined)[]>()
  for (const [position, value] of current) {
    const index = Math.floor(position / arity)
    const row = rows.get(index) ?? new Array<Ext | undefined>(arity).fill(undefined)
    row[reverseBits(position % arity, logArity)] = value
    rows.set(index, row)
  }
  const words = new BigUint64Array(rows.size * arity * 3)
  const sent = opening.rows
  if (sent.length !== 3 * (rows.size * arity - current.size))
    reject('PROOF_SHAPE_INVALID', `expected ${3 * (rows.size * arity - current.size)} words`, where)
  let read = 0
  let written = 0
  const complete = new Map<number, Ext[]>()
  for (const [index, row] of rows) {
    const values = row.map((value): Ext => value ?? [sent[read++]!, sent[read++]!, sent[read++]!])
    for (const value of values) {
      words.set(value, written)
      written += 3
    }
    complete.set(index, values)
  }
  const shape = treeShape([{ logLength: logDegree + logBlowup - logArity, width: 3 * arity }])
  verifyOpening(hasher, { shape, root, where }, [...rows.keys()], { rows: words, siblings: opening.siblings })
  return complete
}

/**
 * Folds one row: the values at x, x r, x r^2, ... for a root r of order 2^a are interpolated and the polynomial is
 * evaluated at beta. Done by halves: f(X) = g(X^2) + X h(X^2) has g = (f(x) + f(-x)) / 2, h = (f(x) - f(-x)) / 2x.
 *
 * @param logLength log2 of the length of the codeword that the row is of.
 */
export function foldRow(values: readonly Ext[], logLength: number, row: number, beta: Ext): Ext {
  let current = values
  let challenge = beta
  let inverse = inverseSubgroupPoint(logLength, row * values.length)
  while (current.length > 1) {
    const half = current.length / 2
    // The inverse of a root of this order.
    const step = pow(rootOfUnity(Math.log2(current.length)), BigInt(current.length - 1))
    const next: Ext[] = []
    let slope = extScale(challenge, mul(HALF, inverse))
    for (let k = 0; k < half; k++) {
      const [low, high] = [current[k]!, current[k + half]!]
      next.push(extAdd(extScale(extAdd(low, high), HALF), extMul(slope, extSub(low, high))))
      slope = extScale(slope, step)
    }
    current = next
    challenge = extMul(challenge, challenge)
    inverse = mul(inverse, inverse)
  }
  return current[0]!
}

/** The polynomial at a point of the base field. */
function evaluate(coefficients: readonly PackedExt[], x: Felt): Ext {
  let sum: PackedExt = 0n
  let power: Felt = 1n
  for (const coefficient of coefficients) {
    sum += coefficient * power
    power = mul(power, x)
  }
  return unpackExt(sum)
}
