import type { Token } from '../lexer/token.ts'
import { PilError } from '../source/pil-error.ts'
import type { SourceFile, Span } from '../source/source-file.ts'

/** Deepest nesting of expressions and statements in one file. */
const MAX_NESTING = 200

/** Reading position in the tokens of one file. */
export class Cursor {
  readonly file: SourceFile
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(file: SourceFile, tokens: readonly Token[]) {
    this.file = file
    this.#tokens = tokens
  }

  get token(): Token {
    return this.#tokens[this.#at]!
  }

  /** Token `distance` places on; the end token past the end. */
  peek(distance = 1): Token {
    return this.#tokens[Math.min(this.#at + distance, this.#tokens.length - 1)]!
  }

  /** The last token taken. */
  get previous(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)]!
  }

  get atEnd(): boolean {
    return this.token.kind === 'end'
  }

  take(): Token {
    const token = this.token
    if (token.kind !== 'end') this.#at++
    return token
  }

  /** True when the token at hand is this operator or this word. */
  is(text: string): boolean {
    const { token } = this
    return token.text === text && (token.kind === 'punctuation' || token.kind === 'word')
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false
    this.#at++
    return true
  }

  expect(text: string, context: string): Token {
    if (this.is(text)) return this.take()
    throw this.error(`expected ${JSON.stringify(text)} ${context}, got ${describeToken(this.token)}`)
  }

  word(context: string): Token {
    if (this.token.kind === 'word') return this.take()
    throw this.error(`expected a name ${context}, got ${describeToken(this.token)}`)
  }

  /** True when no white space lies between the token before and the token at hand. */
  get adjacent(): boolean {
    return this.#at > 0 && this.previous.end === this.token.start
  }

  spanFrom(start: number): Span {
    return { file: this.file, start, end: Math.max(this.previous.end, start) }
  }

  error(message: string, token: Token = this.token): PilError {
    const end = Math.max(token.end, token.start + 1)
    return new PilError({ code: 'PIL_SYNTAX', message, span: { file: this.file, start: token.start, end } })
  }

  /** Runs `parse` one nesting level deeper; refuses to go too deep. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_NESTING)
      throw new PilError({
        code: 'PIL_LIMIT',
        message: `expressions and statements may nest at most ${MAX_NESTING} deep`,
        span: { file: this.file, start: this.token.start, end: this.token.end },
      })
    this.#depth++
    try {
      return parse()
    } finally {
      this.#depth--
    }
  }

  /** Cursor over the tokens of a `${...}`, at the same depth. */
  within(tokens: readonly Token[]): Cursor {
    const inner = new Cursor(this.file, tokens)
    inner.#depth = this.#depth + 1
    return inner
  }

  /**
   * Skips to where a statement may start after an error: past the next `;` or a closing brace at this level, or before
   * a brace that closes the enclosing block.
   */
  recover(): void {
    let open = 0
    while (!this.atEnd) {
      if (open === 0 && this.is('}')) return
      const { text, kind } = this.take()
      if (kind !== 'punctuation') continue
      if (text === '{') open++
      else if (text === '}') {
        open--
        if (open === 0) return
      } else if (text === ';' && open === 0) return
    }
  }
}

/** How a message names a token. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the text'
    case 'string':
      return `the string ${JSON.stringify(token.text)}`
    case 'template':
      return 'a template string'
    case 'pragma':
      return '#pragma'
    default:
      return JSON.stringify(token.text)
  }
}
