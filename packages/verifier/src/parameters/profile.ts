/**
 * The parameter table. A proof names a profile by number and the verifier takes every parameter from here: nothing that
 * decides security is ever read from a proof.
 */

/** Decoding regime in which the soundness of a profile is argued. */
export type Regime = 'johnson' | 'unique'

/** Names of the profiles, in the order of their numbers. */
export type ProfileName = 'test' | 'std128' | 'balanced128' | 'small128' | 'paranoid128'

/** Parameters of one profile. */
export interface Profile {
  /** Number in proof headers; never reused for other parameters. */
  readonly id: number
  readonly name: ProfileName
  /** -log2 of the code rate. */
  readonly logBlowup: number
  readonly queries: number
  /** Leading work before the queries are known, in bits. */
  readonly grindingBits: number
  readonly regime: Regime
  /** Largest log2 of a folding arity. */
  readonly maxLogArity: number
  /** Folding stops at this log2 of the degree bound, or at the smallest height if that is lower. */
  readonly logFinalDegree: number
  /** Round-by-round security that every proof of this profile must reach, in bits; 0 for the insecure profile. */
  readonly targetBits: number
}

/** All profiles by number. Constraint degree 3 fits each of them, so one PIL program serves all. */
export const PROFILES: readonly Profile[] = [
  profile(0, 'test', { logBlowup: 1, queries: 12, grindingBits: 3, logFinalDegree: 2, targetBits: 0 }),
  profile(1, 'std128', { logBlowup: 1, queries: 225 }),
  profile(2, 'balanced128', { logBlowup: 2, queries: 112 }),
  profile(3, 'small128', { logBlowup: 3, queries: 74 }),
  profile(4, 'paranoid128', { logBlowup: 2, queries: 160, regime: 'unique' }),
]

/** The profile of this name. */
export function profileNamed(name: ProfileName): Profile {
  return PROFILES.find((candidate) => candidate.name === name)!
}

function profile(
  id: number,
  name: ProfileName,
  parameters: Pick<Profile, 'logBlowup' | 'queries'> & Partial<Profile>,
): Profile {
  const defaults = { grindingBits: 20, regime: 'johnson', maxLogArity: 3, logFinalDegree: 8, targetBits: 128 } as const
  return { id, name, ...defaults, ...parameters }
}
