/** Folding rounds: their commitments, and what of them is opened. */
import type { Ext } from '@zisk/field'
import { projectPositions, reverseBits, type ShardLayout, type ShardTranscript, type TreeOpening } from '@zisk/verifier'
import type { Backend, Codeword, Commitment } from '../backend/backend.ts'
import type { Session } from './session.ts'

/** Commits, challenges and folds round by round; heights join where folding reaches them. */
export async function foldAll(
  { backend, hasher }: Session,
  layout: ShardLayout,
  codewords: readonly Codeword[],
  transcript: ShardTranscript,
): Promise<{ folds: Commitment[]; finalPolynomial: Ext[] }> {
  const folds: Commitment[] = []
  let current = codewords[0]!
  for (const { logDegree, logArity } of layout.folding.rounds) {
    const committed = await backend.commitCodeword(current, logArity, hasher)
    folds.push(committed)
    const beta = transcript.foldingChallenge(committed.root)
    const joining = layout.heights.findIndex(({ logRows }) => logRows === logDegree - logArity)
    const folded = await backend.fold(current, logArity, beta, codewords[joining])
    backend.release(current)
    current = folded
  }
  const finalPolynomial = await backend.coefficients(current, layout.folding.logFinalDegree)
  backend.release(current, ...codewords.slice(1))
  transcript.finalPolynomial(finalPolynomial)
  return { folds, finalPolynomial }
}

/** Opens every folding round, without the values that the verifier computes itself. */
export async function openFolds(
  backend: Backend,
  layout: ShardLayout,
  folds: readonly Commitment[],
  positions: readonly number[],
): Promise<TreeOpening[]> {
  const openings: TreeOpening[] = []
  let known = positions
  for (const [r, { logArity }] of layout.folding.rounds.entries()) {
    const arity = 2 ** logArity
    const rows = projectPositions(known, logArity, 0)
    const opening = await backend.open(folds[r]!, rows)
    const present = new Set(known)
    const sent = opening.rows.filter((_, word) => {
      const place = Math.floor(word / 3)
      return !present.has(rows[Math.floor(place / arity)]! * arity + reverseBits(place % arity, logArity))
    })
    openings.push({ rows: sent, siblings: opening.siblings })
    known = rows
  }
  return openings
}
