/**
 * Published proximity-gap bounds for Reed-Solomon codes, as numbers: what one random combination of words may cost, and
 * how many codewords can lie near a word. Errors and list sizes are log2, over |F| = p^3.
 *
 * Sources: unique decoding, Ben-Sasson, Carmon, Ishai, Kopparty, Saraf, "Proximity gaps for Reed-Solomon codes"
 * (eprint 2020/654), theorem 1.2: error n / |F| up to half the distance. Johnson regime, Ben-Sasson, Carmon, Haböck,
 * Kopparty, Saraf (eprint 2025/2055), theorem 4.2, with the Johnson list bound.
 */
import { P } from '@zisk/field'

/** log2 |F| for the cubic extension of Goldilocks. */
export const LOG_FIELD_SIZE: number = 3 * Math.log2(Number(P))

/** What a proximity radius means for one code. */
export interface ProximityBound {
  /** Fraction of positions that an accepted word shares with a codeword: 1 - radius. */
  readonly agreement: number
  /** log2 of the number of codewords within the radius. */
  readonly logListSize: number
  /**
   * log2 of the probability that a random line through words far from the code comes near it, at this log2 of the code
   * length. A curve of degree d costs d times as much.
   */
  readonly logLineError: (logLength: number) => number
}

/** Radius (1 - rate) / 2. */
export function uniqueDecodingBound(rate: number): ProximityBound {
  return {
    agreement: (1 + rate) / 2,
    logListSize: 0,
    logLineError: (logLength) => logLength - LOG_FIELD_SIZE,
  }
}

/**
 * Radius 1 - sqrt(rate) - eta. `m` is the multiplicity of the interpolation in the proof of the bound; eta is
 * sqrt(rate) / 2m unless it is given larger.
 */
export function johnsonBound(rate: number, m: number, eta: number = Math.sqrt(rate) / (2 * m)): ProximityBound {
  const root = Math.sqrt(rate)
  const h = m + 0.5
  const perPosition = (2 * h ** 5 + 3 * h * eta * rate) / (3 * rate * root)
  const constant = h / root
  return {
    agreement: root + eta,
    logListSize: Math.log2(Math.max(1 / (2 * eta * root), h / root)),
    logLineError: (logLength) => Math.log2(perPosition * 2 ** logLength + constant) - LOG_FIELD_SIZE,
  }
}

/** log2 of the probability that `queries` independent positions all miss the disagreement. */
export function logQueryError(bound: ProximityBound, queries: number): number {
  return queries * Math.log2(bound.agreement)
}
