import { ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** What can go wrong while making a key or a proof. */
export type ProverErrorCode =
  /** The PIL program uses something that the protocol does not have. */
  | 'SETUP_UNSUPPORTED'
  /** The instances are not those of one run, or their shape is wrong. */
  | 'PROVER_INPUT_INVALID'
  /** A bus denominator was zero; another plan or input avoids it. */
  | 'PROVER_DENOMINATOR_ZERO'
  | 'PROVER_CANCELLED'
  /** The proof does not fit into memory. */
  | 'PROVER_MEMORY_EXHAUSTED'
  /** The folder of finished parts cannot be written. */
  | 'WORK_FOLDER_NOT_WRITABLE'

/** A back end was given a value that is not below p. */
export function notCanonical(): ProverError {
  return new ProverError({
    code: 'PROVER_INPUT_INVALID',
    message: 'canonical columns expected, got a value of p or more',
  })
}

/** Error of setup and prover. */
export class ProverError extends ZiskError<ProverErrorCode> {
  override readonly name = 'ProverError'

  constructor(options: ZiskErrorOptions<ProverErrorCode>) {
    super(options)
  }
}
