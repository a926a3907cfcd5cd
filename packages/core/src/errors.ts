/**
 * The one error base class of the toolchain and the table of process exit statuses.
 *
 * Every failure that a user can cause is a {@link ZiskError}: it names what was expected, what came, where, and how to
 * mend it. A plain `Error` that reaches the command line is a bug of ours.
 */

/** Exit status of every command. 130 and 143 are the shell's convention for SIGINT and SIGTERM. */
export const EXIT_STATUS = {
  ok: 0,
  failed: 1,
  usage: 2,
  proofInvalid: 3,
  guestFailed: 4,
  limitReached: 5,
  incompatible: 6,
  interrupted: 130,
  terminated: 143,
} as const

/** Name of an exit status. */
export type ExitStatusName = keyof typeof EXIT_STATUS

/** A value that JSON can carry, so that `--json` prints the details of any error. */
export type ErrorDetail =
  | string
  | number
  | boolean
  | null
  | readonly ErrorDetail[]
  | { readonly [key: string]: ErrorDetail }

/** What a {@link ZiskError} is made of. */
export interface ZiskErrorOptions<Code extends string> {
  /** Stable identifier, upper snake case, unique over the toolchain. */
  readonly code: Code
  /** One sentence: what is wrong, with what was expected and what came. */
  readonly message: string
  /** Where it happened: a file, `file:line:col`, a pc, an AIR and row. */
  readonly where?: string | undefined
  /** One sentence: what the user can do about it. */
  readonly remedy?: string | undefined
  /** Machine-readable facts (addresses as hex strings). */
  readonly details?: Readonly<Record<string, ErrorDetail>> | undefined
  /** Exit status of a command that fails with this error; `failed` when absent. */
  readonly exitStatus?: ExitStatusName | undefined
  readonly cause?: unknown
}

/** JSON form of an error, as printed under `--json`. */
export interface ZiskErrorJson {
  readonly code: string
  readonly message: string
  readonly where?: string
  readonly remedy?: string
  readonly details: Readonly<Record<string, ErrorDetail>>
}

/** Base class of every expected failure. Subclasses narrow `Code` and set `name`. */
export class ZiskError<Code extends string = string> extends Error {
  override readonly name: string = 'ZiskError'
  readonly code: Code
  readonly where: string | undefined
  readonly remedy: string | undefined
  readonly details: Readonly<Record<string, ErrorDetail>>
  readonly exitStatus: ExitStatusName

  constructor(options: ZiskErrorOptions<Code>) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.where = options.where
    this.remedy = options.remedy
    this.details = options.details ?? {}
    this.exitStatus = options.exitStatus ?? 'failed'
  }

  toJSON(): ZiskErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
      details: this.details,
    }
  }
}

/** Formats a 64-bit or smaller address or word as `0x` and lower-case hex digits. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`
}
