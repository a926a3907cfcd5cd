/** The progress of a job as one line that is drawn again and again on a terminal. */

import { PHASE_NAMES, type ProgressEvent } from '@zisk/sdk'
import type { Io } from '../io.ts'
import { formatBytes, formatSeconds } from './text.ts'

const REDRAW_MS = 120
const BAR_CELLS = 24

/** Draws progress; `close` takes the line away. */
export interface ProgressLine {
  readonly update: (event: ProgressEvent) => void
  readonly close: () => void
}

/** A line for a person who watches; nothing at all elsewhere, in CI, on dumb terminals, or when it is not wanted. */
export async function openProgressLine(
  { stderr, env }: Io,
  options: { readonly threads: number; readonly quiet?: boolean | undefined },
): Promise<ProgressLine> {
  const isSilent =
    options.quiet === true || isSet(env['CI']) || isSet(env['ZISK_NO_PROGRESS']) || env['TERM'] === 'dumb'
  const { terminal } = stderr
  if (isSilent || terminal === undefined) return { update: () => {}, close: () => {} }
  const { createLogUpdate } = await import('log-update')
  const draw = createLogUpdate(terminal)
  const started = performance.now()
  let reached = 0
  let current: { readonly event: ProgressEvent; readonly since: number } | undefined
  // A terminal that does not know its width says 0.
  const redraw = (): void => {
    if (current === undefined) return
    const { event, since } = current
    const now = performance.now()
    const line = { event, elapsedMs: now - started, phaseMs: now - since, bytes: process.memoryUsage.rss(), reached }
    reached = shareOf(line)
    draw(progressText(line, options.threads, terminal.columns || undefined))
  }
  const timer = setInterval(redraw, REDRAW_MS)
  timer.unref()
  return {
    update: (event) => {
      current = { event, since: performance.now() }
      redraw()
    },
    close: () => {
      clearInterval(timer)
      draw.clear()
      draw.done()
    },
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''

/** What a line is drawn from. */
interface ProgressState {
  readonly event: ProgressEvent
  readonly elapsedMs: number
  readonly phaseMs: number
  readonly bytes: number
  /** Share that was drawn before: what was extrapolated too far waits there, and does not go back. */
  readonly reached?: number
}

/** Share of the job that is done: told, and extrapolated from there at the speed of all that came before. */
function shareOf({ event: { done, weight }, elapsedMs, phaseMs, reached = 0 }: ProgressState): number {
  const share = done + Math.min(speedOf(done, elapsedMs - phaseMs) * phaseMs, 0.95 * weight)
  return Math.max(reached, Math.min(share, 0.99))
}

/** Share in a millisecond; 0 when nothing is known. */
const speedOf = (done: number, ms: number): number => (done > 0 && ms > 0 ? done / ms : 0)

/**
 * `[######..................]  25 %  quotient (shard 1 of 2), 3.10 s, about 9 s left, 1.2 GiB, 2 threads`. Within a phase
 * the percentage moves on at the speed of the phases before.
 *
 * @param columns of the terminal: what comes last in the line, then the bar, is left out where they are too few
 */
export function progressText(line: ProgressState, threads: number, columns: number = Number.POSITIVE_INFINITY): string {
  const { event, elapsedMs, phaseMs, bytes } = line
  const { phase, done, shard, shards = 1 } = event
  const share = shareOf(line)
  const left =
    speedOf(done, elapsedMs - phaseMs) > 0 && done > 0.02
      ? [`about ${Math.ceil(((1 - share) * elapsedMs) / share / 1000)} s left`]
      : []
  const filled = Math.round(BAR_CELLS * share)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}]`
  const where = shard === undefined || shards < 2 ? '' : ` (shard ${shard + 1} of ${shards})`
  const percent = `${Math.floor(100 * share)}`.padStart(3)
  const workers = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const job = `${percent} %  ${PHASE_NAMES[phase]}${where}`
  const details = [formatSeconds(elapsedMs / 1000), ...left, formatBytes(bytes), workers]
  const fits = (text: string): boolean => text.length < columns
  const lines = details.map((_, dropped) => [job, ...details.slice(0, details.length - dropped)].join(', '))
  return lines.map((line) => `${bar} ${line}`).find(fits) ?? lines.find(fits) ?? job.slice(0, Math.max(columns - 1, 0))
}
