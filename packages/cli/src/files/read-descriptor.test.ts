import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readDescriptor } from './read-descriptor.ts'
import { readUserFile } from './read-file.ts'

const work = mkdtempSync(join(tmpdir(), 'zisk-read-'))
afterAll(() => rmSync(work, { recursive: true }))

test('content is read to its end, and up to the limit', () => {
  const path = join(work, 'content')
  const content = Uint8Array.from({ length: 200_000 }, (_, at) => at)
  writeFileSync(path, content)
  const read = (maxBytes: number): Uint8Array => {
    const descriptor = openSync(path, 'r')
    try {
      return readDescriptor(descriptor, 'input', path, maxBytes)
    } finally {
      closeSync(descriptor)
    }
  }
  expect(read(content.length)).toEqual(content)
  expect(() => read(content.length - 1)).toThrow('input expected at most 199999 bytes, got more')
})

test.skipIf(process.platform === 'win32')('a device without an end is refused, not read', () => {
  const descriptor = openSync('/dev/zero', 'r')
  expect(() => readDescriptor(descriptor, 'ELF', '/dev/zero', 2 ** 20)).toThrow(/at most 1048576 bytes, got more/)
  closeSync(descriptor)
})

test('a file above 2 GiB is too large, not unreadable', () => {
  const path = join(work, 'large')
  writeFileSync(path, '')
  // Sparse: takes no room on the disk.
  truncateSync(path, 2 ** 31)
  expect(() => readUserFile(path, 'input')).toThrow(
    expect.objectContaining({
      code: 'FILE_TOO_LARGE',
      message: 'input expected at most 2147483647 bytes, got 2147483648',
      exitStatus: 'limitReached',
    }),
  )
})
