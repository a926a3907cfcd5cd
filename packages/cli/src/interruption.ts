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
 *
 * @param outcome what the user may rely on afterwards
 */
export function catchInterruption(outcome = 'nothing was written'): Interruption {
  const controller = new AbortController()
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]
  const onSignal = (name: NodeJS.Signals): void => {
    // Only now, not after the first one: a library that undoes its own work on signals ends a process in which it is the
    // only one to listen.
    if (controller.signal.aborted) {
      release()
      process.kill(process.pid, name)
      return
    }
    const exitStatus = SIGNALS[name as keyof typeof SIGNALS]
    controller.abort(new CliError({ code: 'INTERRUPTED', message: `ended by ${name}; ${outcome}`, exitStatus }))
  }
  const release = (): void => {
    for (const name of names) process.off(name, onSignal)
  }
  for (const name of names) process.on(name, onSignal)
  return { signal: controller.signal, release }
}
