import { PassThrough } from 'node:stream'
import type { ProgressEvent } from '@zisk/sdk'
import { describe, expect, test } from 'vitest'
import type { Io } from '../io.ts'
import { openProgressLine, progressText } from './progress-line.ts'

const event: ProgressEvent = { phase: 'quotient', done: 0.25, weight: 0.25, shard: 0, shards: 2 }

describe('the line', () => {
  test('names phase, shard, time left, memory and threads', () => {
    const text = progressText({ event, elapsedMs: 4000, phaseMs: 0, bytes: 2 ** 30 }, 2)
    expect(text).toBe(
      '[######..................]  25 %  quotient (shard 1 of 2), 4.00 s, about 12 s left, 1.0 GiB, 2 threads',
    )
  })

  test('stays one line on a narrow terminal: details go first, then the bar', () => {
    const at = (columns: number): string =>
      progressText({ event, elapsedMs: 4000, phaseMs: 0, bytes: 2 ** 30 }, 2, columns)
    expect(at(100)).toBe('[######..................]  25 %  quotient (shard 1 of 2), 4.00 s, about 12 s left, 1.0 GiB')
    expect(at(70)).toBe('[######..................]  25 %  quotient (shard 1 of 2), 4.00 s')
    expect(at(60)).toBe(' 25 %  quotient (shard 1 of 2), 4.00 s, about 12 s left')
    expect(at(20)).toBe(' 25 %  quotient (sh')
    for (let columns = 1; columns < 120; columns++) expect(at(columns).length).toBeLessThan(columns)
  })

  test('moves on within a phase, but not beyond it, and never says 100 %', () => {
    const percent = (phaseMs: number, at = event): number => {
      const text = progressText({ event: at, elapsedMs: 4000 + phaseMs, phaseMs, bytes: 0 }, 1)
      return Number(/\] +(\d+) %/.exec(text)![1])
    }
    expect([percent(0), percent(1600), percent(1e6)]).toEqual([25, 35, 48])
    expect(percent(1e6, { phase: 'verify', done: 0.99, weight: 0.01 })).toBe(99)
  })

  test('never goes back: what was extrapolated too far waits', () => {
    const text = progressText({ event, elapsedMs: 4000, phaseMs: 0, bytes: 2 ** 30, reached: 0.4 }, 2)
    expect(text).toContain(' 40 %  quotient')
    expect(text).toContain('about 6 s left')
  })

  test('says nothing of the time left before there is anything to judge by', () => {
    const first = { event: { phase: 'execute', done: 0, weight: 0.01 }, elapsedMs: 10, phaseMs: 10, bytes: 0 } as const
    expect(progressText(first, 1)).not.toContain('left')
  })
})

describe('is drawn only for a person', () => {
  const drawn = async (terminal: boolean, env: Io['env'], quiet = false): Promise<string> => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 50 })
    const stderr = { write: () => {}, isTTY: terminal, ...(terminal ? { terminal: stream as never } : {}) }
    const io: Io = { stdout: { write: () => {}, isTTY: false }, stderr, readStdin: () => new Uint8Array(0), env }
    const line = await openProgressLine(io, { threads: 1, quiet })
    line.update(event)
    line.close()
    return String(stream.read() ?? '')
  }

  test('on a terminal, without colours', async () => {
    const text = await drawn(true, { NO_COLOR: '1' })
    expect(text).toContain('quotient')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences that end in m
    expect(text).not.toMatch(/\x1b\[[\d;]*m/)
  })

  test.each([
    ['a pipe', false, {}, false],
    ['CI', true, { CI: 'true' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['ZISK_NO_PROGRESS', true, { ZISK_NO_PROGRESS: '1' }, false],
    ['--quiet', true, {}, true],
  ] as const)('not with %s', async (_, terminal, env, quiet) => {
    expect(await drawn(terminal, env, quiet)).toBe('')
  })
})
