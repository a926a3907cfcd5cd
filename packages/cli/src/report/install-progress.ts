import type { InstallProgress } from '@zisk/build'
import type { Io } from '../io.ts'
import { formatBytes } from './text.ts'

/** Between two lines of the same download. */
const LINE_EVERY_MS = 10_000
const REDRAW_EVERY_MS = 100

/**
 * Tells about an installation: one line that is redrawn on a terminal, else, as in CI and on dumb terminals, a line per file
 * and every ten seconds.
 */
export function createInstallReporter({ stderr, env }: Io): (progress: InstallProgress) => void {
  const { terminal } = stderr
  const isDrawn = terminal !== undefined && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === ''
  let subject = ''
  let last = 0
  return (progress) => {
    const now = performance.now()
    const next = progress.phase === 'wait' ? 'wait' : `${progress.phase} ${progress.name}`
    const done = progress.phase === 'download' && progress.doneBytes === progress.totalBytes
    if (next === subject && !done && now - last < (isDrawn ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return
    if (next === subject && done && !isDrawn) return
    last = now
    // A line that is wrapped could not be taken back. A terminal that does not know its width says 0.
    const text = isDrawn ? describe(progress).slice(0, (terminal.columns || 80) - 1) : describe(progress)
    const redraw = isDrawn && next === subject ? '\r\x1b[2K' : ''
    const ends = isDrawn && progress.phase === 'download' && !done ? '' : '\n'
    subject = next
    stderr.write(`${redraw}${text}${ends}`)
  }
}

function describe(progress: InstallProgress): string {
  switch (progress.phase) {
    case 'wait':
      return 'waiting for another installation'
    case 'unpack':
      return `unpacking ${progress.name}`
    case 'download': {
      const { name, doneBytes, totalBytes } = progress
      const share = totalBytes === undefined ? '' : ` (${Math.floor((100 * doneBytes) / totalBytes)} %)`
      return `downloading ${name}: ${formatBytes(doneBytes)}${share}`
    }
  }
}
