import type { Token } from '../lexer/token.ts'
import type { Argument, BinaryOp, Expr, ListItem, NameNode, NameSegment, TemplateNode } from './ast.ts'
import { type Cursor, describeToken } from './cursor.ts'

/** Binary operators by rising precedence; each level is left associative but `**`. */
const LEVELS: readonly (readonly BinaryOp[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const PRECEDENCE = new Map<string, number>(LEVELS.flatMap((ops, level) => ops.map((op) => [op, level] as const)))

/** Parses one expression. */
export function parseExpression(cursor: Cursor): Expr {
  return cursor.nested(() => {
    const start = cursor.token.start
    const condition = parseBinary(cursor, 0)
    if (!cursor.accept('?')) return condition
    const then = parseExpression(cursor)
    cursor.expect(':', 'between the two values of "? :"')
    const otherwise = parseExpression(cursor)
    return { kind: 'ternary', condition, then, otherwise, span: cursor.spanFrom(start) }
  })
}

function parseBinary(cursor: Cursor, minimum: number): Expr {
  const start = cursor.token.start
  let left = parseUnary(cursor)
  for (;;) {
    const { token } = cursor
    if (token.kind === 'word' && token.text === 'is' && cursor.peek().kind === 'word' && minimum <= 6) {
      cursor.take()
      const type = cursor.take().text
      left = { kind: 'isType', operand: left, type, span: cursor.spanFrom(start) }
      continue
    }
    if (token.kind === 'word' && token.text === 'in')
      throw cursor.error('"in" is not supported: use the lookup functions of the standard library')
    const level = token.kind === 'punctuation' ? PRECEDENCE.get(token.text) : undefined
    if (level === undefined || level < minimum) return left
    cursor.take()
    const right = parseBinary(cursor, level + 1)
    left = { kind: 'binary', op: token.text as BinaryOp, left, right, span: cursor.spanFrom(start) }
  }
}

function parseUnary(cursor: Cursor): Expr {
  const { token } = cursor
  if (token.kind === 'punctuation' && (token.text === '-' || token.text === '+' || token.text === '!')) {
    return cursor.nested(() => {
      cursor.take()
      const operand = parseUnary(cursor)
      return { kind: 'unary', op: token.text as '-' | '+' | '!', operand, span: cursor.spanFrom(token.start) }
    })
  }
  return parsePower(cursor)
}

/** `**` binds tighter than a sign on its left and is right associative. */
function parsePower(cursor: Cursor): Expr {
  const start = cursor.token.start
  const base = parseShifted(cursor)
  if (!cursor.is('**')) return base
  cursor.take()
  const right = cursor.nested(() => parseUnary(cursor))
  return { kind: 'binary', op: '**', left: base, right, span: cursor.spanFrom(start) }
}

/** A primary with its row offsets: `'x`, `2'x`, `(i)'x`, `x'`, `x'3`, `x'(e)`. */
function parseShifted(cursor: Cursor): Expr {
  const start = cursor.token.start
  if (cursor.is("'")) {
    cursor.take()
    const base = cursor.nested(() => parseShifted(cursor))
    return { kind: 'rowShift', base, amount: undefined, direction: -1, span: cursor.spanFrom(start) }
  }
  const grouped = cursor.is('(')
  const literal = cursor.token.kind === 'int'
  let value = parsePostfix(cursor)
  let first = true
  while (cursor.is("'") && cursor.adjacent) {
    cursor.take()
    const follows = cursor.adjacent && startsShiftOperand(cursor.token)
    if (first && literal) {
      if (!follows) throw cursor.error("a number before ' needs the shifted value right after it, as in 2'x")
      const base = parsePostfix(cursor)
      value = { kind: 'rowShift', base, amount: value, direction: -1, span: cursor.spanFrom(start) }
    } else if (first && grouped && follows && cursor.token.kind !== 'int') {
      const right = parsePostfix(cursor)
      value = { kind: 'rowShiftEither', left: value, right, span: cursor.spanFrom(start) }
    } else {
      const amount = follows ? parsePrimary(cursor) : undefined
      value = { kind: 'rowShift', base: value, amount, direction: 1, span: cursor.spanFrom(start) }
    }
    first = false
  }
  return value
}

function startsShiftOperand(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'int' || token.kind === 'template' || token.text === '('
}

function parsePostfix(cursor: Cursor): Expr {
  const start = cursor.token.start
  let value = parsePrimary(cursor)
  while (cursor.is('[')) {
    cursor.take()
    const index = parseExpression(cursor)
    cursor.expect(']', 'after an index')
    value = { kind: 'index', base: value, index, span: cursor.spanFrom(start) }
  }
  return value
}

function parsePrimary(cursor: Cursor): Expr {
  const { token } = cursor
  switch (token.kind) {
    case 'int':
      cursor.take()
      return { kind: 'int', value: token.value ?? 0, span: cursor.spanFrom(token.start) }
    case 'string':
      cursor.take()
      return { kind: 'string', value: token.text, span: cursor.spanFrom(token.start) }
    case 'template':
      if (cursor.peek().text === '.' && cursor.peek().kind === 'punctuation') return parseNameOrCall(cursor)
      return parseTemplate(cursor)
    case 'word':
      return parseNameOrCall(cursor)
    default:
  }
  if (token.text === '(') {
    cursor.take()
    const inner = parseExpression(cursor)
    cursor.expect(')', 'to close the parenthesis')
    return inner
  }
  if (token.text === '[') return parseList(cursor)
  throw cursor.error(`expected an expression, got ${describeToken(token)}`)
}

function parseNameOrCall(cursor: Cursor): Expr {
  const callee = parseName(cursor)
  if (!cursor.is('(')) return callee
  return parseCallArguments(cursor, callee)
}

/** `(a, name: b, other:, ...c)` after a callee. */
export function parseCallArguments(cursor: Cursor, callee: NameNode): Expr & { kind: 'call' } {
  cursor.expect('(', 'to open the arguments')
  const args: Argument[] = []
  while (!cursor.is(')')) {
    args.push(parseArgument(cursor))
    if (!cursor.accept(',')) break
  }
  cursor.expect(')', 'to close the arguments')
  return { kind: 'call', callee, args, span: cursor.spanFrom(callee.span.start) }
}

function parseArgument(cursor: Cursor): Argument {
  if (cursor.accept('...')) return { name: undefined, value: parseExpression(cursor), spread: true }
  const { token } = cursor
  if (token.kind === 'word' && cursor.peek().kind === 'punctuation' && cursor.peek().text === ':') {
    cursor.take()
    const span = cursor.spanFrom(token.start)
    cursor.take()
    if (cursor.is(',') || cursor.is(')'))
      return { name: token.text, value: { kind: 'name', segments: [token.text], span }, spread: false }
    return { name: token.text, value: parseExpression(cursor), spread: false }
  }
  return { name: undefined, value: parseExpression(cursor), spread: false }
}

/** A dotted name; each segment is a word or a template string. */
export function parseName(cursor: Cursor): NameNode {
  const start = cursor.token.start
  const segments: NameSegment[] = [parseNameSegment(cursor)]
  while (cursor.is('.')) {
    cursor.take()
    segments.push(parseNameSegment(cursor))
  }
  return { kind: 'name', segments, span: cursor.spanFrom(start) }
}

export function parseNameSegment(cursor: Cursor): NameSegment {
  if (cursor.token.kind === 'template') return parseTemplate(cursor)
  return cursor.word('here').text
}

export function parseTemplate(cursor: Cursor): TemplateNode {
  const token = cursor.take()
  const parts: (string | Expr)[] = []
  for (const part of token.parts ?? []) {
    if (typeof part === 'string') {
      parts.push(part)
      continue
    }
    const inner = cursor.within(part)
    parts.push(parseExpression(inner))
    if (!inner.atEnd) throw inner.error(`expected "}" after the value, got ${describeToken(inner.token)}`)
  }
  return { kind: 'template', parts, span: cursor.spanFrom(token.start) }
}

/** `[...]`: an array literal or a sequence; which one is decided where the value is used. */
function parseList(cursor: Cursor): Expr {
  return cursor.nested(() => {
    const start = cursor.expect('[', 'to open a list').start
    const items: ListItem[] = []
    while (!cursor.is(']')) {
      items.push(parseListItem(cursor))
      if (!cursor.accept(',')) break
    }
    cursor.expect(']', 'to close the list')
    const fill = cursor.accept('...')
    return { kind: 'list', items, fill, span: cursor.spanFrom(start) }
  })
}

function parseListItem(cursor: Cursor): ListItem {
  if (cursor.accept('...'))
    return { value: parseExpression(cursor), spread: true, times: undefined, fill: false, range: undefined }
  const value = parseExpression(cursor)
  const times = cursor.accept(':') ? parseExpression(cursor) : undefined
  const op = (['..+..', '..*..', '..'] as const).find((text) => cursor.accept(text))
  if (op === undefined) return { value, spread: false, times, fill: cursor.accept('...'), range: undefined }
  const open = cursor.is(',') || cursor.is(']')
  if (open && op === '..') throw cursor.error('a range needs its last value, as in 0..255')
  const to = open ? undefined : parseExpression(cursor)
  const toTimes = !open && cursor.accept(':') ? parseExpression(cursor) : undefined
  return { value, spread: false, times, fill: cursor.accept('...'), range: { op, to, toTimes } }
}
