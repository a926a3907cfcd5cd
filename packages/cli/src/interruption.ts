import { CliError } from './cli-error.ts'

/** The signals that end a job, and the status that the process then ends with. */
const SIGNALS = { SIGINT: 'interrupted', SIGTERM: 'terminated' } as const

/** A job that can be interrupted. */
export interface Interruption {
  readonly signal: AbortSignal
  /** Leaves SIGINT and SIGTERM to the process again. */
  readonly release: () => void
}

/**
 * Lets SIGINT and SIGTERM cancel a job: what it has begun is undone, its threads end, then the process does. A second
 * signal ends the process at once.
 */
export function catchInterruption(): Interruption {
  const controller = new AbortController()
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]
  const onSignal = (name: NodeJS.Signals): void => {
    release()
    const exitStatus = SIGNALS[name as keyof typeof SIGNALS]
    controller.abort(
      new CliError({ code: 'INTERRUPTED', message: `ended by ${name}; nothing was written`, exitStatus }),
    )
  }
  const release = (): void => {
    for (const name of names) process.off(name, onSignal)
  }
  for (const name of names) process.on(name, onSignal)
  return { signal: controller.signal, release }
}
