import type { AssignOp, CallNode, Expr, HintField, NameNode, NameSegment, Statement } from './ast.ts'
import { type Cursor, describeToken } from './cursor.ts'
import { endStatement, parseInitializer } from './parse-declaration.ts'
import { parseExpression, parseNameSegment } from './parse-expression.ts'

const ASSIGN_OPS: ReadonlySet<string> = new Set<AssignOp>([
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '**=',
  '<<=',
  '>>=',
  '&=',
  '|=',
  '^=',
])

/** A constraint, an assignment, a call or an instance; `ends` when the statement's `;` belongs to it. */
export function parseSimple(cursor: Cursor, ends: boolean): Statement {
  const start = cursor.token.start
  const statement = parseSimpleBody(cursor, start)
  if (ends) endStatement(cursor)
  return statement
}

function parseSimpleBody(cursor: Cursor, start: number): Statement {
  const sign = cursor.is('++') || cursor.is('--') ? cursor.take().text : undefined
  const left = parseExpression(cursor)
  if (sign !== undefined) return increment(cursor, start, left, sign)
  if (cursor.is('++') || cursor.is('--')) return increment(cursor, start, left, cursor.take().text)
  const { token } = cursor
  if (token.kind === 'punctuation' && (token.text === '===' || token.text === '<==')) {
    cursor.take()
    const right = parseExpression(cursor)
    return { kind: 'constraint', left, right, computes: token.text === '<==', span: cursor.spanFrom(start) }
  }
  if (token.kind === 'punctuation' && ASSIGN_OPS.has(token.text)) {
    cursor.take()
    const value = parseInitializer(cursor)
    return { kind: 'assign', op: token.text as AssignOp, target: left, value, span: cursor.spanFrom(start) }
  }
  if (token.kind === 'word' && token.text === 'alias' && left.kind === 'call') {
    const alias = parseAlias(cursor)
    return { kind: 'instance', isVirtual: false, call: left as CallNode, alias, span: cursor.spanFrom(start) }
  }
  if (token.text === '::' || token.text === '\\\\')
    throw cursor.error(`${describeToken(token)} is not supported: use the functions of the standard library`)
  return { kind: 'expression', value: left, span: cursor.spanFrom(start) }
}

function increment(cursor: Cursor, start: number, target: Expr, sign: string): Statement {
  const span = cursor.spanFrom(start)
  const one: Expr = { kind: 'int', value: 1, span }
  return { kind: 'assign', op: sign === '++' ? '+=' : '-=', target, value: one, span }
}

/** `alias name`, when it follows. */
export function parseAlias(cursor: Cursor): NameSegment | undefined {
  return cursor.accept('alias') ? parseNameSegment(cursor) : undefined
}

/** `@name{field: value, ...}`. */
export function parseHint(cursor: Cursor): Statement {
  const start = cursor.take().start
  const name = cursor.word('of the hint').text
  const fields = parseHintFields(cursor)
  cursor.accept(';')
  return { kind: 'hint', name, fields, span: cursor.spanFrom(start) }
}

function parseHintFields(cursor: Cursor): HintField[] {
  return cursor.nested(() => {
    cursor.expect('{', 'to open the fields of the hint')
    const fields: HintField[] = []
    while (!cursor.is('}')) {
      const nameToken = cursor.word('of the field')
      const span = cursor.spanFrom(nameToken.start)
      const shorthand = cursor.is(',') || cursor.is('}')
      if (!shorthand) cursor.expect(':', 'after the name of the field')
      if (cursor.is('{'))
        fields.push({ name: nameToken.text, value: { kind: 'record', fields: parseHintFields(cursor) } })
      else {
        const own: NameNode = { kind: 'name', segments: [nameToken.text], span }
        const passed = shorthand || cursor.is(',') || cursor.is('}')
        fields.push({ name: nameToken.text, value: { kind: 'value', value: passed ? own : parseExpression(cursor) } })
      }
      if (!cursor.accept(',')) break
    }
    cursor.expect('}', 'to close the fields of the hint')
    return fields
  })
}
