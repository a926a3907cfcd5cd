import { tokenize } from '../lexer/lexer.ts'
import type { PilError } from '../source/pil-error.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Expr, Statement } from './ast.ts'
import { Cursor } from './cursor.ts'
import { parseExpression } from './parse-expression.ts'
import { parseStatements } from './parse-statement.ts'

/** Syntax tree of one file. Every syntax error is reported; the tree holds the statements that could be read. */
export function parseFile(file: SourceFile, report: (error: PilError) => void): Statement[] {
  return parseStatements(new Cursor(file, tokenize(file, report)), report, false)
}

/**
 * One expression that is the whole text of `file`; used for what stands in a pragma.
 *
 * @throws PilError PIL_SYNTAX
 */
export function parseWholeExpression(file: SourceFile): Expr {
  const errors: PilError[] = []
  const cursor = new Cursor(
    file,
    tokenize(file, (error) => errors.push(error)),
  )
  if (errors[0] !== undefined) throw errors[0]
  const value = parseExpression(cursor)
  if (!cursor.atEnd) throw cursor.error('expected one expression')
  return value
}
