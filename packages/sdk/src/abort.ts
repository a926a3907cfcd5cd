import { ZiskError } from '@zisk/core'

/** A job that was cancelled through its signal, whose reason is the `cause`. */
export class AbortedError extends ZiskError<'ABORTED'> {
  override readonly name = 'AbortedError'
}

/**
 * Does work; whatever it throws or returns after the signal becomes an {@link AbortedError}, wherever the signal was
 * noticed: who cancels a job gets no result of it.
 */
export async function abortable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted()
    const result = await work()
    signal?.throwIfAborted()
    return result
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
