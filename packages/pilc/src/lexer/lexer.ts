import { normalizeInt } from '../eval/int.ts'
import { PilError } from '../source/pil-error.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Token } from './token.ts'

/** Operators and punctuation, longest first. */
const PUNCTUATION: readonly string[] = [
  '..+..',
  '..*..',
  '<==',
  '===',
  '**=',
  '<<=',
  '>>=',
  '...',
  '..',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<<',
  '>>',
  '**',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '::',
  '\\\\',
  ..."+-*/%<>=!&|^~?:;,.()[]{}'@",
]
const BY_FIRST = new Map<string, string[]>()
for (const text of PUNCTUATION) {
  const list = BY_FIRST.get(text[0]!)
  if (list === undefined) BY_FIRST.set(text[0]!, [text])
  else list.push(text)
}

/** Digits of one number literal: 2^20 bits and a bit. */
const MAX_NUMBER_LENGTH = 300_000
const MAX_TEMPLATE_DEPTH = 16

/**
 * Splits a source text into tokens, ending with an `end` token. Total: a character that cannot start a token is
 * reported and skipped.
 */
export function tokenize(file: SourceFile, report: (error: PilError) => void): Token[] {
  return new Lexer(file, report).run(0, file.text.length, 0)
}

class Lexer {
  readonly #file: SourceFile
  readonly #text: string
  readonly #report: (error: PilError) => void

  constructor(file: SourceFile, report: (error: PilError) => void) {
    this.#file = file
    this.#text = file.text
    this.#report = report
  }

  run(from: number, to: number, depth: number): Token[] {
    const tokens: Token[] = []
    let at = from
    while (at < to) {
      const token = this.#next(at, to, depth)
      if (token.token !== undefined) tokens.push(token.token)
      at = token.at
    }
    tokens.push({ kind: 'end', text: '', start: to, end: to })
    return tokens
  }

  /** The token at `at`, if one starts there, and where to go on. */
  #next(at: number, to: number, depth: number): { token?: Token; at: number } {
    const text = this.#text
    const code = text.charCodeAt(at)
    if (code <= 32 || code === 0xa0 || code === 0xfeff) return { at: at + 1 }
    const char = text[at]!
    if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      return { at: end < 0 ? to : Math.min(end, to) }
    }
    if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2)
      if (end >= 0 && end + 2 <= to) return { at: end + 2 }
      this.#fail(at, at + 2, 'this comment is never closed')
      return { at: to }
    }
    if (isWordStart(code)) return this.#word(at, to)
    if (code >= 48 && code <= 57) return this.#number(at, to)
    if (char === '"') return this.#string(at, to)
    if (char === '`') return this.#template(at, to, depth)
    if (char === '#') return this.#pragma(at, to)
    for (const candidate of BY_FIRST.get(char) ?? []) {
      if (at + candidate.length <= to && text.startsWith(candidate, at)) {
        const end = at + candidate.length
        return { token: { kind: 'punctuation', text: candidate, start: at, end }, at: end }
      }
    }
    const point = String.fromCodePoint(text.codePointAt(at)!)
    this.#fail(at, at + point.length, `unexpected character ${JSON.stringify(point)}`)
    return { at: at + point.length }
  }

  #word(at: number, to: number): { token: Token; at: number } {
    let end = at + 1
    while (end < to && isWordPart(this.#text.charCodeAt(end))) end++
    return { token: { kind: 'word', text: this.#text.slice(at, end), start: at, end }, at: end }
  }

  #number(at: number, to: number): { token?: Token; at: number } {
    const text = this.#text
    let end = at
    const hex = text[at] === '0' && (text[at + 1] === 'x' || text[at + 1] === 'X')
    if (hex) end += 2
    const digits = end
    while (end < to && (hex ? isHexDigit(text.charCodeAt(end)) : isDigit(text.charCodeAt(end)))) end++
    if (hex && end === digits) {
      this.#fail(at, end, 'a hexadecimal number needs digits after 0x')
      return { at: end }
    }
    if (end < to && isWordPart(text.charCodeAt(end))) {
      const start = end
      while (end < to && isWordPart(text.charCodeAt(end))) end++
      this.#fail(at, end, `a number cannot contain ${JSON.stringify(text.slice(start, end))}`)
      return { at: end }
    }
    const source = text.slice(at, end).replaceAll('_', '')
    if (source.length > MAX_NUMBER_LENGTH) {
      this.#fail(at, end, `a number may have at most ${MAX_NUMBER_LENGTH} digits`)
      return { at: end }
    }
    return { token: { kind: 'int', text: source, start: at, end, value: normalizeInt(BigInt(source)) }, at: end }
  }

  #string(at: number, to: number): { token?: Token; at: number } {
    const text = this.#text
    let value = ''
    let i = at + 1
    while (i < to && text[i] !== '"' && text[i] !== '\n') {
      if (text[i] === '\\' && i + 1 < to) {
        value += escapedChar(text[i + 1]!)
        i += 2
      } else value += text[i++]
    }
    if (i >= to || text[i] !== '"') {
      this.#fail(at, i, 'this string is never closed')
      return { at: i }
    }
    return { token: { kind: 'string', text: value, start: at, end: i + 1 }, at: i + 1 }
  }

  #template(at: number, to: number, depth: number): { token?: Token; at: number } {
    const text = this.#text
    const parts: (string | readonly Token[])[] = []
    let literal = ''
    let i = at + 1
    if (depth >= MAX_TEMPLATE_DEPTH) {
      this.#fail(at, at + 1, `template strings nest deeper than ${MAX_TEMPLATE_DEPTH}`)
      return { at: to }
    }
    while (i < to && text[i] !== '`') {
      if (text[i] === '\\' && i + 1 < to) {
        literal += escapedChar(text[i + 1]!)
        i += 2
      } else if (text[i] === '$' && text[i + 1] === '{') {
        const close = this.#closingBrace(i + 2, to)
        if (close < 0) break
        if (literal !== '') parts.push(literal)
        literal = ''
        parts.push(this.run(i + 2, close, depth + 1))
        i = close + 1
      } else literal += text[i++]
    }
    if (i >= to || text[i] !== '`') {
      this.#fail(at, at + 1, 'this template string is never closed')
      const line = text.indexOf('\n', at)
      return { at: line < 0 ? to : Math.min(to, line) }
    }
    if (literal !== '') parts.push(literal)
    return { token: { kind: 'template', text: '', start: at, end: i + 1, parts }, at: i + 1 }
  }

  /** Offset of the brace that closes a `${` whose content starts at `from`, or -1. */
  #closingBrace(from: number, to: number): number {
    let open = 0
    for (let i = from; i < to; i++) {
      const char = this.#text[i]
      if (char === '{') open++
      else if (char === '}' && open-- === 0) return i
      else if (char === '\n') return -1
    }
    return -1
  }

  #pragma(at: number, to: number): { token?: Token; at: number } {
    const text = this.#text
    let end = text.indexOf('\n', at)
    if (end < 0 || end > to) end = to
    const match = /^#\s*pragma\b/.exec(text.slice(at, end))
    if (match === null) {
      this.#fail(at, at + 1, 'unexpected #: only #pragma lines start with it')
      return { at: at + 1 }
    }
    const start = at + match[0].length
    const body = text
      .slice(start, end)
      .replace(/\/\/.*$/, '')
      .trim()
    return { token: { kind: 'pragma', text: body, start: at, end }, at: end }
  }

  #fail(start: number, end: number, message: string): void {
    this.#report(new PilError({ code: 'PIL_SYNTAX', message, span: { file: this.#file, start, end } }))
  }
}

function escapedChar(char: string): string {
  return char === 'n' ? '\n' : char === 't' ? '\t' : char
}

function isDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 95
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 48 && code <= 57)
}
