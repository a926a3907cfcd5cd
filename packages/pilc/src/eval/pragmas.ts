import type { Statement } from '../parser/ast.ts'
import { parseWholeExpression } from '../parser/parse-file.ts'
import { fixedFileRows } from '../source/fixed-file.ts'
import { SourceFile } from '../source/source-file.ts'
import { numberOfRows, requireAir } from './columns.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { isInt, type Value } from './value.ts'

/** Pragmas that say how another compiler works and change nothing here. */
const IGNORED: ReadonlySet<string> = new Set([
  'fixed_tmp',
  'fixed_size',
  'feature',
  'memory',
  'timer',
  'debugger',
  'debug',
  'profile',
  'arg',
  'exit',
])

/** Highest height that a proof system of ours handles, as a logarithm. */
const MAX_LOG_HEIGHT = 32

/**
 * `#pragma extern_fixed_file <text>`: the fixed columns that follow come from a file, and an `N` of 0 its rows.
 * `#pragma transpile`: compile the next loop at once. `#pragma heights a..b`: allow instances of 2^a to 2^b rows.
 * `#pragma include_path <text>`: search a folder for the files that are included from here on.
 */
export function applyPragma(rt: Runtime, node: Statement & { kind: 'pragma' }, scope: Scope): void {
  const match = /^(\S+)\s*(.*)$/.exec(node.text)
  const name = match?.[1] ?? ''
  const rest = match?.[2] ?? ''
  if (name === 'transpile') rt.compileNextLoop = true
  else if (name === 'extern_fixed_file') openExternalFile(rt, node, rest, scope)
  else if (name === 'heights') allowHeights(rt, node, rest, scope)
  else if (name === 'include_path') addIncludePath(rt, node, rest, scope)
  else if (!IGNORED.has(name)) rt.warn('PIL_PRAGMA_UNKNOWN', `unknown pragma ${JSON.stringify(name)}`, node.span)
}

function pragmaValue(rt: Runtime, node: Statement & { kind: 'pragma' }, text: string, scope: Scope): Value {
  const { file, start } = node.span
  // Parse within the file's own text so that positions stay true.
  const at = file.text.indexOf(text, start)
  const source = new SourceFile(file.path, `${file.text.slice(0, at).replace(/[^\n]/g, ' ')}${text}`)
  return rt.parts.evaluate(parseWholeExpression(source), scope)
}

function openExternalFile(rt: Runtime, node: Statement & { kind: 'pragma' }, rest: string, scope: Scope): void {
  const air = requireAir(rt, node.span, 'an external fixed file')
  const path = /^[`"]/.test(rest) ? pragmaValue(rt, node, rest, scope) : rest
  if (typeof path !== 'string' || path === '')
    throw rt.error('PIL_ARGUMENT', 'extern_fixed_file needs the path of a file', node.span)
  const found = rt.files.findOnDisk(path, node.span.file.path)
  if (found === undefined)
    rt.warn('PIL_EXTERNAL_FILE_MISSING', `${path} does not exist: its columns stay external`, node.span)
  const rows = found === undefined ? undefined : fixedFileRows(found)
  if (rows === undefined && numberOfRows(air) === 0)
    rt.warn(
      'PIL_EXTERNAL_FILE_MISSING',
      `N is 0, and ${path} does not tell the number of rows: it counts as 1`,
      node.span,
    )
  air.externalFile = {
    path,
    found: rows === undefined ? undefined : found,
    rows: rows ?? 1,
    span: node.span,
    columns: 0,
  }
}

function addIncludePath(rt: Runtime, node: Statement & { kind: 'pragma' }, rest: string, scope: Scope): void {
  const folder = /^[`"]/.test(rest) ? pragmaValue(rt, node, rest, scope) : rest
  if (typeof folder !== 'string' || folder === '')
    throw rt.error('PIL_ARGUMENT', 'include_path needs a folder, relative to this file', node.span)
  if (!rt.files.addFolder(folder, node.span.file.path))
    throw rt.error('PIL_FILE_NOT_FOUND', `cannot find the folder ${JSON.stringify(folder)}`, node.span)
}

function allowHeights(rt: Runtime, node: Statement & { kind: 'pragma' }, rest: string, scope: Scope): void {
  const air = requireAir(rt, node.span, 'heights')
  const ends = rest.split('..')
  const values = ends.map((end) => pragmaValue(rt, node, end.trim(), scope))
  const [low, high] = values
  if (values.length !== 2 || !isInt(low) || !isInt(high) || low < 0 || high > MAX_LOG_HEIGHT || low > high)
    throw rt.error('PIL_ARGUMENT', 'heights needs two logarithms, as in #pragma heights 10..20', node.span)
  air.builder.logHeights = Array.from({ length: Number(high) - Number(low) + 1 }, (_, i) => Number(low) + i)
}
