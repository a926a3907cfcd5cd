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

const DO_NOT_TRUST = 'Do not trust it: get the proof again from where it was made.'
const OTHER_VERSION = 'Verify with the version that made it, or prove again with this one.'
const INSTALL_AGAIN = 'Install the verifier again, or get its key again.'

/** What to do about each. */
const REMEDIES: Readonly<Record<VerificationErrorCode, string>> = {
  PROOF_NOT_RECOGNISED: 'Name the file that the prover wrote.',
  PROOF_VERSION_UNSUPPORTED: OTHER_VERSION,
  PROOF_TRUNCATED: 'The file was cut off: copy or download it again, whole.',
  PROOF_TRAILING_BYTES: 'The file goes on behind the proof: copy or download it again, alone.',
  PROOF_NOT_CANONICAL: DO_NOT_TRUST,
  PROOF_PARAMETERS_UNKNOWN: OTHER_VERSION,
  PROOF_PARAMETERS_REFUSED:
    'Ask for a proof with a secure profile, or accept the test profile where it is enough (--allow-insecure).',
  PROOF_SETUP_MISMATCH: OTHER_VERSION,
  PROOF_PROGRAM_MISMATCH:
    'Name the program that the proof is about: build its ELF from sources that you trust, with the same tools. Do not take the digest from whoever made the proof.',
  PROOF_PUBLICS_MISMATCH: 'Ask for a proof of the run with these outputs.',
  PROOF_INSTANCES_INVALID: DO_NOT_TRUST,
  PROOF_SHAPE_INVALID: DO_NOT_TRUST,
  PROOF_SECURITY_TOO_LOW: 'Ask for a proof in smaller shards, or with a profile of more security.',
  PROOF_GLOBAL_CONSTRAINT_FAILED: DO_NOT_TRUST,
  PROOF_CONSTRAINTS_FAILED: DO_NOT_TRUST,
  PROOF_OPENING_INVALID: DO_NOT_TRUST,
  PROOF_FOLDING_INVALID: DO_NOT_TRUST,
  PROOF_WORK_MISSING: DO_NOT_TRUST,
  PROOF_RUN_FAILED: 'Accept failed runs (--allow-failure), or ask for a proof of a run that ends with exit code 0.',
  PROGRAM_KEY_INVALID: 'Make the key of the program again.',
  VERIFYING_KEY_INVALID: INSTALL_AGAIN,
}

/** The one error of the verifier: a code per check. */
export class VerificationError extends ZiskError<VerificationErrorCode> {
  override readonly name = 'VerificationError'

  constructor(options: ZiskErrorOptions<VerificationErrorCode>) {
    super({
      remedy: REMEDIES[options.code],
      exitStatus: INCOMPATIBLE.has(options.code) ? 'incompatible' : 'proofInvalid',
      ...options,
    })
  }
}

/** Throws a {@link VerificationError}. */
export function reject(code: VerificationErrorCode, message: string, where?: string): never {
  throw new VerificationError({ code, message, where })
}
