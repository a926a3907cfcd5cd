import type { PilError } from '../source/pil-error.ts'
import type { Expr, FunctionNode, ScopeWord, Statement } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { endStatement, parseDeclaration, parseParameters, parseReturnType } from './parse-declaration.ts'
import { parseCallArguments, parseExpression, parseName, parseNameSegment } from './parse-expression.ts'
import { parseAlias, parseHint, parseSimple } from './parse-simple.ts'

/** Where syntax errors go; parsing continues with the next statement. */
export type ReportError = (error: PilError) => void

/** Statements up to the end of the text, or up to a closing brace when `inBlock`. */
export function parseStatements(cursor: Cursor, report: ReportError, inBlock: boolean): Statement[] {
  const statements: Statement[] = []
  for (;;) {
    if (cursor.atEnd) {
      if (inBlock) report(cursor.error('this block is never closed'))
      return statements
    }
    if (cursor.is('}')) {
      const brace = cursor.take()
      if (inBlock) return statements
      report(cursor.error('this brace closes nothing', brace))
      continue
    }
    const before = cursor.token
    try {
      statements.push(parseStatement(cursor, report))
    } catch (error) {
      if (!isSyntaxError(error)) throw error
      report(error)
      cursor.recover()
    }
    if (cursor.token === before && !cursor.atEnd) cursor.take()
  }
}

function isSyntaxError(error: unknown): error is PilError {
  return error instanceof Error && error.name === 'PilError'
}

function parseBlock(cursor: Cursor, report: ReportError, what: string): Statement[] {
  cursor.expect('{', `to open ${what}`)
  return cursor.nested(() => parseStatements(cursor, report, true))
}

function parseStatement(cursor: Cursor, report: ReportError): Statement {
  const { token } = cursor
  const start = token.start
  if (token.kind === 'pragma') return parsePragma(cursor)
  if (cursor.accept(';')) return { kind: 'empty', span: cursor.spanFrom(start) }
  if (cursor.is('{'))
    return { kind: 'block', body: parseBlock(cursor, report, 'the block'), span: cursor.spanFrom(start) }
  if (cursor.is('@')) return parseHint(cursor)
  if (token.kind === 'word') {
    const parse = KEYWORDS.get(token.text)
    const statement = parse?.(cursor, report) ?? parseDeclaration(cursor)
    if (statement !== undefined) return statement
  }
  return parseSimple(cursor, true)
}

/** Statements that start with a keyword. A parser returns undefined when the word is an ordinary name here. */
const KEYWORDS: ReadonlyMap<string, (cursor: Cursor, report: ReportError) => Statement | undefined> = new Map([
  ['require', parseInclude],
  ['include', parseInclude],
  ['function', parseFunction],
  ['private', parseFunction],
  ['airtemplate', parseAirTemplate],
  ['airgroup', parseAirGroup],
  ['package', parsePackage],
  ['container', parseContainer],
  ['use', parseUse],
  ['virtual', parseVirtual],
  ['if', parseIf],
  ['for', parseFor],
  ['while', parseWhile],
  ['do', parseDoWhile],
  ['switch', parseSwitch],
  ['when', parseWhen],
  ['on', parseFinal],
  ['return', parseReturn],
  ['break', parseJump],
  ['continue', parseJump],
])

function nextIsName(cursor: Cursor): boolean {
  const next = cursor.peek()
  return next.kind === 'word' || next.kind === 'template'
}

function parseInclude(cursor: Cursor): Statement | undefined {
  const next = cursor.peek()
  if (next.kind !== 'string' && next.kind !== 'template') return undefined
  const word = cursor.take()
  const path = parseExpression(cursor)
  cursor.accept(';')
  return { kind: 'include', path, once: word.text === 'require', span: cursor.spanFrom(word.start) }
}

function parseFunction(cursor: Cursor, report: ReportError): FunctionNode | undefined {
  const start = cursor.token.start
  if (cursor.is('private') && cursor.peek().text !== 'function') return undefined
  const isPrivate = cursor.accept('private')
  cursor.expect('function', 'after "private"')
  const name = cursor.word('of the function').text
  const parameters = parseParameters(cursor)
  const returns = parseReturnType(cursor)
  const head = cursor.spanFrom(start)
  const body = parseBlock(cursor, report, `function ${name}`)
  return { kind: 'function', name, isPrivate, parameters, returns, body, span: head }
}

function parseAirTemplate(cursor: Cursor, report: ReportError): Statement {
  const start = cursor.take().start
  const name = cursor.word('of the airtemplate').text
  const parameters = parseParameters(cursor)
  const head = cursor.spanFrom(start)
  const body = parseBlock(cursor, report, `airtemplate ${name}`)
  return { kind: 'airtemplate', name, parameters, body, span: head }
}

function parseAirGroup(cursor: Cursor, report: ReportError): Statement | undefined {
  if (!nextIsName(cursor)) return undefined
  const start = cursor.take().start
  const name = parseNameSegment(cursor)
  const head = cursor.spanFrom(start)
  return { kind: 'airgroup', name, body: parseBlock(cursor, report, 'the airgroup'), span: head }
}

function parsePackage(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().kind !== 'word') return undefined
  const start = cursor.take().start
  const name = cursor.word('of the package').text
  const head = cursor.spanFrom(start)
  return { kind: 'package', name, body: parseBlock(cursor, report, `package ${name}`), span: head }
}

function parseContainer(cursor: Cursor, report: ReportError): Statement | undefined {
  if (!nextIsName(cursor)) return undefined
  const start = cursor.take().start
  const path = parseName(cursor)
  const alias = parseAlias(cursor)
  const head = cursor.spanFrom(start)
  if (!cursor.is('{')) {
    endStatement(cursor)
    return { kind: 'container', path, alias, body: [], span: head }
  }
  return { kind: 'container', path, alias, body: parseBlock(cursor, report, 'the container'), span: head }
}

function parseUse(cursor: Cursor): Statement | undefined {
  if (!nextIsName(cursor)) return undefined
  const start = cursor.take().start
  const path = parseName(cursor)
  const alias = parseAlias(cursor)
  endStatement(cursor)
  return { kind: 'use', path, alias, span: cursor.spanFrom(start) }
}

function parseVirtual(cursor: Cursor): Statement | undefined {
  if (!nextIsName(cursor)) return undefined
  const start = cursor.take().start
  const callee = parseName(cursor)
  const call = parseCallArguments(cursor, callee)
  const alias = parseAlias(cursor)
  endStatement(cursor)
  return { kind: 'instance', isVirtual: true, call, alias, span: cursor.spanFrom(start) }
}

function parseIf(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '(') return undefined
  const start = cursor.take().start
  const condition = parseCondition(cursor, 'if')
  const head = cursor.spanFrom(start)
  const then = cursor.nested(() => parseStatement(cursor, report))
  const otherwise = cursor.accept('else') ? cursor.nested(() => parseStatement(cursor, report)) : undefined
  return { kind: 'if', condition, then, otherwise, span: head }
}

function parseCondition(cursor: Cursor, word: string): Expr {
  cursor.expect('(', `after "${word}"`)
  const condition = parseExpression(cursor)
  cursor.expect(')', `to close the condition of "${word}"`)
  return condition
}

function parseFor(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '(') return undefined
  const start = cursor.take().start
  cursor.expect('(', 'after "for"')
  const init = cursor.accept(';') ? undefined : (parseDeclaration(cursor) ?? parseSimple(cursor, true))
  const condition = cursor.is(';') ? undefined : parseExpression(cursor)
  cursor.expect(';', 'after the condition of "for"')
  const step: Statement[] = []
  while (!cursor.is(')')) {
    step.push(parseSimple(cursor, false))
    if (!cursor.accept(',')) break
  }
  cursor.expect(')', 'to close the head of "for"')
  const head = cursor.spanFrom(start)
  const body = cursor.nested(() => parseStatement(cursor, report))
  return { kind: 'for', init, condition, step, body, span: head }
}

function parseWhile(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '(') return undefined
  const start = cursor.take().start
  const condition = parseCondition(cursor, 'while')
  const head = cursor.spanFrom(start)
  return { kind: 'while', condition, body: cursor.nested(() => parseStatement(cursor, report)), span: head }
}

function parseDoWhile(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '{') return undefined
  const start = cursor.take().start
  const body = cursor.nested(() => parseStatement(cursor, report))
  cursor.expect('while', 'after the body of "do"')
  const condition = parseCondition(cursor, 'while')
  endStatement(cursor)
  return { kind: 'doWhile', condition, body, span: cursor.spanFrom(start) }
}

function parseSwitch(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '(') return undefined
  const start = cursor.take().start
  const value = parseCondition(cursor, 'switch')
  const head = cursor.spanFrom(start)
  cursor.expect('{', 'to open the cases')
  const cases: { values: Expr[] | undefined; body: Statement[] }[] = []
  cursor.nested(() => {
    while (!cursor.accept('}')) {
      if (cursor.atEnd) throw cursor.error('this switch is never closed')
      cases.push({ values: parseCaseLabel(cursor), body: parseCaseBody(cursor, report) })
    }
  })
  return { kind: 'switch', value, cases, span: head }
}

function parseCaseLabel(cursor: Cursor): Expr[] | undefined {
  if (cursor.accept('default')) {
    cursor.expect(':', 'after "default"')
    return undefined
  }
  cursor.expect('case', 'or "default"')
  const values = [parseExpression(cursor)]
  while (cursor.accept(',')) values.push(parseExpression(cursor))
  cursor.expect(':', 'after the values of "case"')
  return values
}

function parseCaseBody(cursor: Cursor, report: ReportError): Statement[] {
  const body: Statement[] = []
  while (!cursor.is('case') && !cursor.is('default') && !cursor.is('}') && !cursor.atEnd)
    body.push(cursor.nested(() => parseStatement(cursor, report)))
  return body
}

function parseWhen(cursor: Cursor, report: ReportError): Statement | undefined {
  if (cursor.peek().text !== '(') return undefined
  const start = cursor.take().start
  const condition = parseCondition(cursor, 'when')
  const head = cursor.spanFrom(start)
  return { kind: 'when', condition, body: cursor.nested(() => parseStatement(cursor, report)), span: head }
}

function parseFinal(cursor: Cursor): Statement | undefined {
  if (cursor.peek().text !== 'final') return undefined
  const start = cursor.take().start
  cursor.take()
  let priority: Expr | undefined
  if (cursor.accept('(')) {
    priority = parseExpression(cursor)
    cursor.expect(')', 'to close the priority')
  }
  const scope = cursor.word('of the scope: air, airgroup or proof').text
  if (scope !== 'air' && scope !== 'airgroup' && scope !== 'proof')
    throw cursor.error('"on final" needs air, airgroup or proof', cursor.previous)
  const callee = parseName(cursor)
  const call = parseCallArguments(cursor, callee)
  endStatement(cursor)
  return { kind: 'final', scope: scope as ScopeWord, priority, call, span: cursor.spanFrom(start) }
}

function parseReturn(cursor: Cursor): Statement {
  const start = cursor.take().start
  const value = cursor.is(';') || cursor.is('}') ? undefined : parseExpression(cursor)
  endStatement(cursor)
  return { kind: 'return', value, span: cursor.spanFrom(start) }
}

function parseJump(cursor: Cursor): Statement {
  const word = cursor.take()
  endStatement(cursor)
  return { kind: word.text === 'break' ? 'break' : 'continue', span: cursor.spanFrom(word.start) }
}

function parsePragma(cursor: Cursor): Statement {
  const token = cursor.take()
  return { kind: 'pragma', text: token.text, span: cursor.spanFrom(token.start) }
}
