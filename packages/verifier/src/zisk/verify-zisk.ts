/**
 * What an accepted proof says about a ZisK run, and the check that users want: the run of this program ended well. The
 * protocol of `../verify/` knows of public values only; this module knows what those of `pil/zisk.pil` are.
 */
import { VerificationError } from '../errors.ts'
import { type PreparedKey, type VerifiedRun, type VerifyOptions, verify } from '../verify/verify.ts'

/** A run of a program, as its proof states it. */
export interface ZiskStatement {
  /** The 64 output words. */
  readonly outputs: Uint32Array
  /** The exit code, any 64-bit value; absent when the program does not bind one. */
  readonly exitCode: bigint | undefined
}

/** What the caller demands of a run. */
export interface VerifyZiskOptions extends VerifyOptions {
  /** Accepts runs whose exit code is not 0. */
  readonly allowFailure?: boolean
}

/** Outcome of {@link verifyZisk}. */
export type ZiskVerificationResult =
  | { readonly ok: true; readonly run: VerifiedRun; readonly statement: ZiskStatement }
  | { readonly ok: false; readonly error: VerificationError }

/** Words of an exit code and of an output. */
const WORD_BITS = 32n

/** Verifies a proof of a run of the machine, and that the run did not end in failure. Never throws. */
export function verifyZisk(bytes: Uint8Array, key: PreparedKey, options: VerifyZiskOptions): ZiskVerificationResult {
  const result = verify(bytes, key, options)
  if (!result.ok) return result
  const { run } = result
  const statement = ziskStatement(run, key)
  if (statement === undefined) {
    const message = 'the verifying key is not that of a ZisK machine'
    return { ok: false, error: new VerificationError({ code: 'VERIFYING_KEY_INVALID', message }) }
  }
  const { exitCode = 0n } = statement
  if (exitCode !== 0n && options.allowFailure !== true) {
    const message = `the proof is valid, but its run ended with exit code ${exitCode}`
    const remedy = 'Allow failure to accept it.'
    const error = new VerificationError({ code: 'PROOF_RUN_FAILED', exitStatus: 'guestFailed', message, remedy })
    return { ok: false, error }
  }
  return { ok: true, run, statement }
}

/** Reads the statement of a run from its public values; absent when they are not those of the machine. */
function ziskStatement({ publics, programKey }: VerifiedRun, { key }: PreparedKey): ZiskStatement | undefined {
  const named = (name: string) => publics.filter((_, i) => key.program.publics[i]!.name === name)
  const outputs = named('outputs')
  const exitCode = named('exit_code')
  const bound = new Set(key.programValues.map(({ parameter }) => parameter))
  if (outputs.length !== 64 || exitCode.length !== 2 || !bound.has('memoryMap') || !bound.has('exitMode'))
    return undefined
  if ([...outputs, ...exitCode].some((word) => word >> WORD_BITS !== 0n)) return undefined
  return {
    outputs: Uint32Array.from(outputs, Number),
    exitCode: programKey.exitMode === 0 ? undefined : exitCode[0]! + (exitCode[1]! << WORD_BITS),
  }
}
