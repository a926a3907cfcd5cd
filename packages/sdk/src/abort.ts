import { ZiskError } from '@zisk/core'

/** A job that was cancelled through its signal, whose reason is the `cause`. */
export class AbortedError extends ZiskError<'ABORTED'> {
  override readonly name = 'AbortedError'
}

/** Does work; whatever it throws after the signal is an {@link AbortedError}, wherever the signal was noticed. */
export async function abortable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted()
    return await work()
  } catch (error) {
    if (signal?.aborted !== true) throw error
    throw new AbortedError({
      code: 'ABORTED',
      message: 'the job was cancelled',
      exitStatus: 'interrupted',
      cause: signal.reason ?? error,
    })
  }
}
