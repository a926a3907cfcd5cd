/** What a command may touch of the outside world, as one value, so that tests run commands in process. */

import { writeSync } from 'node:fs'
import { EXIT_STATUS } from '@zisk/core'
import { CliError } from './cli-error.ts'
import { readDescriptor } from './files/read-descriptor.ts'
import { renderError } from './report/render-error.ts'

/** A byte stream that a command writes to. */
export interface OutputStream {
  write(chunk: string | Uint8Array): void
  /** Whether a person watches; no progress is drawn elsewhere. */
  readonly isTTY: boolean
  /** The terminal behind the stream, for what is drawn again and again. */
  readonly terminal?: NodeJS.WriteStream
}

/** The outside world of one command. */
export interface Io {
  /** Data only. */
  readonly stdout: OutputStream
  /** Everything else. */
  readonly stderr: OutputStream
  /** The whole standard input. */
  readStdin(): Uint8Array
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The real process. A closed pipe (`zisk run | head`) ends the process quietly; any other failure to write, such as a
 * full disk, ends it with status 1 and one line on stderr.
 */
export function createProcessIo(): Io {
  const stream = (target: NodeJS.WriteStream, name: string): OutputStream => {
    target.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT_STATUS.ok)
      reportUnwritable(name, error)
      process.exit(EXIT_STATUS.failed)
    })
    const isTTY = target.isTTY === true
    return { write: (chunk) => void target.write(chunk), isTTY, ...(isTTY ? { terminal: target } : {}) }
  }
  return {
    stdout: stream(process.stdout, 'standard output'),
    stderr: stream(process.stderr, 'standard error'),
    readStdin: () => readDescriptor(0, 'input', 'standard input'),
    env: process.env,
  }
}

function reportUnwritable(name: string, error: NodeJS.ErrnoException): void {
  const failure = new CliError({
    code: 'STREAM_NOT_WRITABLE',
    message: `${name} expected to be writable, got ${error.code ?? error.message}`,
    remedy: 'Check that the disk it goes to has room.',
    cause: error,
  })
  try {
    writeSync(2, renderError(failure, false))
  } catch {
    // Standard error is the stream that failed: the exit status is all that is left to tell.
  }
}
