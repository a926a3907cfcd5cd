import { readSync } from 'node:fs'
import { CliError } from '../cli-error.ts'

/** Largest content of a file or stream: what Node reads into one buffer. */
export const MAX_CONTENT_BYTES: number = 2 ** 31 - 1

/**
 * Reads a descriptor of unknown length to its end.
 *
 * @param what role of the content in messages, such as `input`
 * @param where its path, or `standard input`
 * @throws {CliError} FILE_TOO_LARGE as soon as there are more than `maxBytes` bytes: a device may have no end
 */
export function readDescriptor(
  descriptor: number,
  what: string,
  where: string,
  maxBytes: number = MAX_CONTENT_BYTES,
): Uint8Array {
  const chunks: Buffer[] = []
  for (let total = 0; ; ) {
    const chunk = Buffer.alloc(1 << 16)
    const length = readSome(descriptor, chunk)
    if (length === 0) return new Uint8Array(Buffer.concat(chunks))
    total += length
    if (total > maxBytes) throw tooLarge(what, where, 'more', maxBytes)
    chunks.push(chunk.subarray(0, length))
  }
}

/** The error of content that no command takes, and of which nothing else was read. */
export function tooLarge(what: string, where: string, got: number | 'more', maxBytes: number): CliError {
  return new CliError({
    code: 'FILE_TOO_LARGE',
    message: `${what} expected at most ${maxBytes} bytes, got ${got}`,
    where,
    remedy: `Check that it is the ${what} that you meant; a program may take a digest in place of large data.`,
    exitStatus: 'limitReached',
  })
}

function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      // A non-blocking terminal or pipe has nothing to give yet; an exhausted one on Windows says EOF.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
