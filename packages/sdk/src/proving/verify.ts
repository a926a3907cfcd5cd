/** Verifies a proof against the program that the caller names. */

import {
  decodeProof,
  type PreparedKey,
  type Profile,
  programDigest,
  verifyZisk,
  type ZiskStatement,
} from '@zisk/verifier'
import { defaultHome } from '../home.ts'
import { loadVerifyingKey } from '../machine/verifying-key.ts'
import type { Program } from '../program.ts'
import type { HostOptions } from './prover-session.ts'

/** The program that a proof has to be about. */
export type NamedProgram =
  /** Transpiled and committed again, and compared. */
  | { readonly program: Program }
  /** 32 bytes, as {@link programDigest} of its key. */
  | { readonly digest: Uint8Array }
  /** Whatever program the proof names; the caller has to look at the result. */
  | { readonly any: true }

/** What else to demand. */
export interface VerifyOptions extends Pick<HostOptions, 'home'> {
  /** Accepts the insecure test profile. */
  readonly acceptInsecure?: boolean | undefined
  /** Accepts runs that ended with an exit code other than 0. */
  readonly allowFailure?: boolean | undefined
}

/** What an accepted proof proves. */
export interface VerifiedProof {
  readonly programDigest: Uint8Array
  readonly statement: ZiskStatement
  readonly profile: Profile
  /** Round-by-round security of this proof's shape. */
  readonly securityBits: number
}

/**
 * Verifies a proof.
 *
 * @throws VerificationError when it is not accepted; PROOF_RUN_FAILED when it holds, but for a run that failed
 */
export async function verify(
  proof: Uint8Array,
  named: NamedProgram,
  options: VerifyOptions = {},
): Promise<VerifiedProof> {
  if ('program' in named) {
    const { withProverSession } = await import('./prover-session.ts')
    const { programKeyOf } = await import('./program-key.ts')
    return withProverSession({ ...options, threads: 1 }, async (session) => {
      const programKey = await programKeyOf(named.program.rom, session)
      return verifyWithKey(proof, session.key.prepared, programDigest(programKey), options)
    })
  }
  const key = await loadVerifyingKey({ home: options.home ?? defaultHome() })
  return verifyWithKey(proof, key, 'any' in named ? claimedProgram(proof) : named.digest, options)
}

/** Digest of the program that a proof says it is about. */
function claimedProgram(proof: Uint8Array): Uint8Array {
  return programDigest(decodeProof(proof).programKey)
}

/** Verifies with a key at hand. @throws VerificationError. */
export function verifyWithKey(
  proof: Uint8Array,
  key: PreparedKey,
  digest: Uint8Array,
  { acceptInsecure = false, allowFailure = false }: VerifyOptions,
): VerifiedProof {
  const result = verifyZisk(proof, key, { programDigest: digest, acceptInsecure, allowFailure })
  if (!result.ok) throw result.error
  const { run, statement } = result
  return { programDigest: digest, statement, profile: run.profile, securityBits: run.security.bits }
}
