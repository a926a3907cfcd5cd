import type { Io } from './io.ts'

/** Options that every command has. */
export interface CommonOptions {
  /** Print exactly one JSON document on stdout. */
  readonly json?: boolean
  /** Print stack traces of failures. */
  readonly debug?: boolean
}

/** What a command's action gets beside its own options. */
export interface CommandContext {
  readonly io: Io
  /** Sets the exit status that the process ends with. */
  setExitStatus(status: number): void
}
