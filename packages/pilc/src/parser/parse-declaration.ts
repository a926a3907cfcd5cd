import type { ColumnNode, DeclaredName, Expr, Parameter, ScopeWord, Statement, ValueNode, VariableType } from './ast.ts'
import { type Cursor, describeToken } from './cursor.ts'
import { parseExpression, parseNameSegment } from './parse-expression.ts'

const VARIABLE_TYPES: ReadonlySet<string> = new Set(['int', 'expr', 'string', 'fe'])
const SCOPE_WORDS: ReadonlySet<string> = new Set(['air', 'airgroup', 'proof'])
const VALUE_WORDS: ReadonlySet<string> = new Set(['public', 'proofval', 'airval', 'airgroupval', 'challenge'])

/** A declaration that starts at the cursor, or undefined when none does. */
export function parseDeclaration(cursor: Cursor): Statement | undefined {
  const { token } = cursor
  if (token.kind !== 'word') return undefined
  const next = cursor.peek()
  const named = next.kind === 'word' || next.kind === 'template'
  if (token.text === 'const' && named) return parseVariable(cursor)
  if (VARIABLE_TYPES.has(token.text) && (named || next.text === '[')) return parseVariable(cursor)
  if (token.text === 'col' && named) return parseColumn(cursor)
  if (VALUE_WORDS.has(token.text) && named) return parseValue(cursor)
  if (token.text === 'commit' && named) return parseCommit(cursor)
  if (token.text === 'publictable' && named)
    throw cursor.error('"publictable" is not supported: declare publics and constrain them')
  return undefined
}

function parseVariable(cursor: Cursor): Statement {
  const start = cursor.token.start
  const isConst = cursor.accept('const')
  const type = parseVariableType(cursor)
  if (cursor.is('[')) {
    const names = parseDestructuredNames(cursor)
    cursor.expect('=', 'after the destructured names')
    const value = parseExpression(cursor)
    endStatement(cursor)
    return { kind: 'destructure', type, isConst, names, value, span: cursor.spanFrom(start) }
  }
  const names = parseDeclaredNames(cursor)
  endStatement(cursor)
  return { kind: 'declare', type, isConst, names, span: cursor.spanFrom(start) }
}

function parseVariableType(cursor: Cursor): VariableType {
  const { token } = cursor
  if (token.kind === 'word' && VARIABLE_TYPES.has(token.text)) return cursor.take().text as VariableType
  throw cursor.error(`expected int, expr, string or fe, got ${describeToken(token)}`)
}

function parseDestructuredNames(cursor: Cursor): (string | undefined)[] {
  cursor.expect('[', 'to open the names')
  const names: (string | undefined)[] = []
  while (!cursor.is(']')) {
    names.push(cursor.is(',') ? undefined : cursor.word('to bind').text)
    if (!cursor.accept(',')) break
  }
  cursor.expect(']', 'to close the names')
  return names
}

function parseColumn(cursor: Cursor): ColumnNode {
  const start = cursor.take().start
  const kindToken = cursor.word('after "col": witness, fixed or a commit')
  const columnKind = kindToken.text === 'witness' || kindToken.text === 'fixed' ? kindToken.text : 'custom'
  let stage: Expr | undefined
  let bits: ColumnNode['bits']
  let virtualRows: Expr | undefined
  while (cursor.token.kind === 'word' && cursor.peek().kind === 'punctuation' && cursor.peek().text === '(') {
    if (cursor.accept('stage')) stage = parseParenthesized(cursor)
    else if (cursor.accept('bits')) bits = parseBits(cursor)
    else if (cursor.accept('virtual')) virtualRows = parseParenthesized(cursor)
    else throw cursor.error(`unknown column feature ${describeToken(cursor.token)}: stage, bits or virtual`)
  }
  const names = parseDeclaredNames(cursor)
  endStatement(cursor)
  const commit = columnKind === 'custom' ? kindToken.text : undefined
  return { kind: 'column', columnKind, commit, stage, bits, virtualRows, names, span: cursor.spanFrom(start) }
}

function parseBits(cursor: Cursor): { size: Expr; signed: boolean } {
  cursor.expect('(', 'after "bits"')
  const size = parseExpression(cursor)
  let signed = false
  if (cursor.accept(',')) {
    if (cursor.accept('signed')) signed = true
    else cursor.expect('unsigned', 'or "signed" after the number of bits')
  }
  cursor.expect(')', 'to close "bits("')
  return { size, signed }
}

function parseValue(cursor: Cursor): ValueNode {
  const start = cursor.token.start
  const valueKind = cursor.take().text as ValueNode['valueKind']
  let stage: Expr | undefined
  let aggregate: string | undefined
  let defaultValue: Expr | undefined
  while (cursor.token.kind === 'word' && cursor.peek().kind === 'punctuation' && cursor.peek().text === '(') {
    if (cursor.accept('stage')) stage = parseParenthesized(cursor)
    else if (cursor.accept('default')) defaultValue = parseParenthesized(cursor)
    else if (cursor.accept('aggregate')) {
      cursor.expect('(', 'after "aggregate"')
      aggregate = cursor.word('of the aggregate').text
      cursor.expect(')', 'to close "aggregate("')
    } else throw cursor.error(`unknown feature ${describeToken(cursor.token)}: stage, aggregate or default`)
  }
  const names = parseDeclaredNames(cursor)
  endStatement(cursor)
  return { kind: 'value', valueKind, stage, aggregate, defaultValue, names, span: cursor.spanFrom(start) }
}

function parseCommit(cursor: Cursor): Statement {
  const start = cursor.take().start
  let stage: Expr | undefined
  let publicName: Expr | undefined
  while (cursor.token.kind === 'word' && cursor.peek().kind === 'punctuation' && cursor.peek().text === '(') {
    if (cursor.accept('stage')) stage = parseParenthesized(cursor)
    else if (cursor.accept('public')) publicName = parseParenthesized(cursor)
    else throw cursor.error(`unknown feature ${describeToken(cursor.token)}: stage or public`)
  }
  const names = [cursor.word('of the commit').text]
  while (cursor.accept(',')) names.push(cursor.word('of the commit').text)
  endStatement(cursor)
  return { kind: 'commit', stage, publicName, names, span: cursor.spanFrom(start) }
}

function parseParenthesized(cursor: Cursor): Expr {
  cursor.expect('(', 'here')
  const value = parseExpression(cursor)
  cursor.expect(')', 'to close the parenthesis')
  return value
}

/** `a`, `air.b[2][3]`, `` `c${i}`[n] = value ``, separated by commas. */
function parseDeclaredNames(cursor: Cursor): DeclaredName[] {
  const names = [parseDeclaredName(cursor)]
  while (cursor.accept(',')) names.push(parseDeclaredName(cursor))
  return names
}

function parseDeclaredName(cursor: Cursor): DeclaredName {
  const start = cursor.token.start
  let scope: ScopeWord | undefined
  if (SCOPE_WORDS.has(cursor.token.text) && cursor.peek().text === '.') {
    scope = cursor.take().text as ScopeWord
    cursor.take()
  }
  const name = parseNameSegment(cursor)
  const dims: (Expr | undefined)[] = []
  while (cursor.accept('[')) {
    dims.push(cursor.is(']') ? undefined : parseExpression(cursor))
    cursor.expect(']', 'to close a dimension')
  }
  const init = cursor.accept('=') ? parseInitializer(cursor) : undefined
  return { scope, name, dims, init, span: cursor.spanFrom(start) }
}

/** The right side of `=`: an expression, or a whole sequence repeated, `[...]:k` and `[...]:k...`. */
export function parseInitializer(cursor: Cursor): Expr {
  const value = parseExpression(cursor)
  if (value.kind !== 'list' || !cursor.accept(':')) return value
  const times = parseExpression(cursor)
  const item = { value, spread: false, times, fill: false, range: undefined }
  const fill = cursor.accept('...')
  return { kind: 'list', items: [item], fill, span: cursor.spanFrom(value.span.start) }
}

/** `(const int a, expr b[] = [0, 0])` of a function or a template. */
export function parseParameters(cursor: Cursor): Parameter[] {
  cursor.expect('(', 'to open the parameters')
  const parameters: Parameter[] = []
  while (!cursor.is(')')) {
    parameters.push(parseParameter(cursor))
    if (!cursor.accept(',')) break
  }
  cursor.expect(')', 'to close the parameters')
  return parameters
}

function parseParameter(cursor: Cursor): Parameter {
  const start = cursor.token.start
  const isConst = cursor.accept('const')
  const type = parseVariableType(cursor)
  const name = cursor.word('of the parameter').text
  const dimensions = parseOpenDimensions(cursor)
  const defaultValue = cursor.accept('=') ? parseExpression(cursor) : undefined
  return { name, type, isConst, dimensions, defaultValue, span: cursor.spanFrom(start) }
}

/** `: int`, `: const expr[]` after the parameters of a function. */
export function parseReturnType(cursor: Cursor): { type: VariableType; dimensions: number } | undefined {
  if (!cursor.accept(':')) return undefined
  cursor.accept('const')
  const type = parseVariableType(cursor)
  return { type, dimensions: parseOpenDimensions(cursor) }
}

function parseOpenDimensions(cursor: Cursor): number {
  let dimensions = 0
  while (cursor.accept('[')) {
    if (!cursor.is(']')) parseExpression(cursor)
    cursor.expect(']', 'to close a dimension')
    dimensions++
  }
  return dimensions
}

/**
 * The end of a statement. Published programs leave out the `;` before `}` and at the end of a line, so a missing one
 * is accepted there and nowhere else.
 */
export function endStatement(cursor: Cursor): void {
  if (cursor.accept(';')) return
  if (cursor.is('}') || cursor.atEnd) return
  if (startsNewLine(cursor)) return
  throw cursor.error(`expected ";" before ${describeToken(cursor.token)}`)
}

function startsNewLine(cursor: Cursor): boolean {
  return cursor.file.text.slice(cursor.previous.end, cursor.token.start).includes('\n')
}
