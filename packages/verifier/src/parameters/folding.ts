import type { Profile } from './profile.ts'

/** One folding round: a codeword of degree bound 2^logDegree becomes one of 2^(logDegree - logArity). */
export interface FoldingRound {
  readonly logDegree: number
  readonly logArity: number
}

/** How a proof folds its codewords. */
export interface FoldingSchedule {
  readonly rounds: readonly FoldingRound[]
  /** log2 of the number of coefficients of the final polynomial. */
  readonly logFinalDegree: number
}

/**
 * The folding rounds for inputs of these heights (log2, distinct, descending). Arity is as large as the profile allows,
 * but every height that has an input is a stop, because its codeword is added there.
 */
export function foldingSchedule(
  logHeights: readonly number[],
  limits: Pick<Profile, 'maxLogArity' | 'logFinalDegree'>,
): FoldingSchedule {
  const logFinalDegree = Math.min(limits.logFinalDegree, ...logHeights)
  const rounds: FoldingRound[] = []
  let logDegree = logHeights[0]!
  while (logDegree > logFinalDegree) {
    const stop = logHeights.find((height) => height < logDegree) ?? logFinalDegree
    const logArity = Math.min(limits.maxLogArity, logDegree - Math.max(stop, logFinalDegree))
    rounds.push({ logDegree, logArity })
    logDegree -= logArity
  }
  return { rounds, logFinalDegree }
}
