import type { PilError, PilErrorCode, TrailStep } from './pil-error.ts'
import { type Span, spanLabel } from './source-file.ts'

/** Codes of the compiler's warnings. */
export type PilWarningCode =
  | 'PIL_STATEMENT_WITHOUT_EFFECT'
  | 'PIL_EXTERNAL_FILE_MISSING'
  | 'PIL_UNASSIGNED'
  | 'PIL_AIR_NAME_REPEATED'
  | 'PIL_CONSTRAINT_TRIVIAL'
  | 'PIL_PRAGMA_UNKNOWN'
  | 'PIL_SEQUENCE_SHORT'
  | 'PIL_PARAMETER_ASSIGNED'

/** One finding about a program. Lines and columns count from 1; `line` is 0 when there is no place. */
export interface PilDiagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: PilErrorCode | PilWarningCode
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** The source line and a second line with a caret; empty when there is no place. */
  readonly excerpt: string
  readonly remedy: string | undefined
  /** Outermost last. */
  readonly trail: readonly { readonly what: string; readonly at: string }[]
}

const EXCERPT_WIDTH = 160
/** Steps shown at each end of a long trail. */
const SHOWN_STEPS = 6

/** Diagnostic of an error. */
export function errorDiagnostic(error: PilError): PilDiagnostic {
  return makeDiagnostic({ severity: 'error', ...pick(error) })
}

/** Diagnostic of a warning. */
export function warningDiagnostic(options: {
  readonly code: PilWarningCode
  readonly message: string
  readonly span: Span | undefined
  readonly trail: readonly TrailStep[]
}): PilDiagnostic {
  return makeDiagnostic({ severity: 'warning', remedy: undefined, ...options })
}

/** Multi-line text of a diagnostic, as a terminal shows it. */
export function formatDiagnostic(diagnostic: PilDiagnostic): string {
  const place = diagnostic.line === 0 ? '' : `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}: `
  const lines = [`${place}${diagnostic.severity}: ${diagnostic.message} [${diagnostic.code}]`]
  if (diagnostic.excerpt !== '') lines.push(diagnostic.excerpt)
  if (diagnostic.remedy !== undefined) lines.push(`  help: ${diagnostic.remedy}`)
  const { trail } = diagnostic
  trail.forEach((step, i) => {
    if (trail.length <= 2 * SHOWN_STEPS || i < SHOWN_STEPS || i >= trail.length - SHOWN_STEPS)
      lines.push(`  in ${step.what}, from ${step.at}`)
    else if (i === SHOWN_STEPS) lines.push(`  … ${trail.length - 2 * SHOWN_STEPS} more calls`)
  })
  return lines.join('\n')
}

function pick(error: PilError): Parameters<typeof makeDiagnosticBody>[0] {
  return {
    code: error.code,
    message: error.message,
    span: error.span,
    trail: error.trail,
    remedy: error.remedy,
  }
}

function makeDiagnostic(
  options: { readonly severity: 'error' | 'warning' } & Parameters<typeof makeDiagnosticBody>[0],
): PilDiagnostic {
  return { severity: options.severity, ...makeDiagnosticBody(options) }
}

function makeDiagnosticBody(options: {
  readonly code: PilErrorCode | PilWarningCode
  readonly message: string
  readonly span: Span | undefined
  readonly trail: readonly TrailStep[]
  readonly remedy: string | undefined
}): Omit<PilDiagnostic, 'severity'> {
  const { span } = options
  const place = span === undefined ? { line: 0, column: 0 } : span.file.position(span.start)
  return {
    code: options.code,
    message: options.message,
    file: span?.file.path ?? '',
    line: place.line,
    column: place.column,
    excerpt: span === undefined ? '' : caretExcerpt(span),
    remedy: options.remedy,
    trail: [...options.trail].reverse().map((step) => ({ what: step.what, at: spanLabel(step.span) })),
  }
}

/** The line of a span's start with a caret line below it. */
function caretExcerpt(span: Span): string {
  const { line, column } = span.file.position(span.start)
  let text = span.file.lineText(line).replace(/\t/g, ' ')
  let at = column - 1
  if (at > EXCERPT_WIDTH - 40) {
    const cut = at - 40
    text = `…${text.slice(cut)}`
    at = 41
  }
  if (text.length > EXCERPT_WIDTH) text = `${text.slice(0, EXCERPT_WIDTH - 1)}…`
  const width = Math.max(1, Math.min(span.end - span.start, text.length - at))
  return `    ${text}\n    ${' '.repeat(at)}${'^'.repeat(width)}`
}
