import { ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Why a proof, or a key it refers to, is not accepted. */
export type VerificationErrorCode =
  /** The bytes are no proof, or of another version. */
  | 'PROOF_NOT_RECOGNISED'
  | 'PROOF_VERSION_UNSUPPORTED'
  /** The bytes end early, go on too long, or hold a word that is not canonical. */
  | 'PROOF_TRUNCATED'
  | 'PROOF_TRAILING_BYTES'
  | 'PROOF_NOT_CANONICAL'
  /** Unknown parameters, or parameters that the caller does not accept. */
  | 'PROOF_PARAMETERS_UNKNOWN'
  | 'PROOF_PARAMETERS_REFUSED'
  /** The proof is about something else than the caller asked for. */
  | 'PROOF_SETUP_MISMATCH'
  | 'PROOF_PROGRAM_MISMATCH'
  | 'PROOF_PUBLICS_MISMATCH'
  /** The instances are not those of one complete run. */
  | 'PROOF_INSTANCES_INVALID'
  /** Some list has another length than the instances and parameters demand. */
  | 'PROOF_SHAPE_INVALID'
  /** The shape is too large for the promised security. */
  | 'PROOF_SECURITY_TOO_LOW'
  | 'PROOF_GLOBAL_CONSTRAINT_FAILED'
  | 'PROOF_CONSTRAINTS_FAILED'
  | 'PROOF_OPENING_INVALID'
  | 'PROOF_FOLDING_INVALID'
  | 'PROOF_WORK_MISSING'
  /** The proof holds, but the run that it proves ended with a non-zero exit code. */
  | 'PROOF_RUN_FAILED'
  /** A program key or verifying key is malformed. */
  | 'PROGRAM_KEY_INVALID'
  | 'VERIFYING_KEY_INVALID'

/** What a verifier of another version might accept. */
const INCOMPATIBLE: ReadonlySet<VerificationErrorCode> = new Set(['PROOF_VERSION_UNSUPPORTED', 'PROOF_SETUP_MISMATCH'])

/** The one error of the verifier: a code per check. */
export class VerificationError extends ZiskError<VerificationErrorCode> {
  override readonly name = 'VerificationError'

  constructor(options: ZiskErrorOptions<VerificationErrorCode>) {
    super({ exitStatus: INCOMPATIBLE.has(options.code) ? 'incompatible' : 'proofInvalid', ...options })
  }
}

/** Throws a {@link VerificationError}. */
export function reject(code: VerificationErrorCode, message: string, where?: string): never {
  throw new VerificationError({ code, message, where })
}
