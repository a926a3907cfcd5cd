/** One PIL source text and the positions in it. */

/** A source text under the path by which the compiler found it. */
export class SourceFile {
  readonly path: string
  readonly text: string
  #lineStarts: number[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): { line: number; column: number } {
    const starts = this.#starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }

  /** Text of a line (from 1), without its line end. */
  lineText(line: number): string {
    const starts = this.#starts()
    const start = starts[line - 1]
    if (start === undefined) return ''
    const end = starts[line] ?? this.text.length + 1
    return this.text.slice(start, end - 1).replace(/\r$/, '')
  }

  #starts(): number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts
    const starts = [0]
    for (let i = this.text.indexOf('\n'); i >= 0; i = this.text.indexOf('\n', i + 1)) starts.push(i + 1)
    this.#lineStarts = starts
    return starts
  }
}

/** A stretch of source text: offsets `[start, end)`. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** `file:line:column` of the start of a span. */
export function spanLabel(span: Span): string {
  const { line, column } = span.file.position(span.start)
  return `${span.file.path}:${line}:${column}`
}

/** The source text of a span, on one line, cut after `limit` characters. */
export function spanText(span: Span, limit = 120): string {
  const text = span.file.text
    .slice(span.start, Math.min(span.end, span.start + 4 * limit))
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text
}
