/** The builtins of the package `Tables`, which work on whole fixed columns. */
import type { FixedStore } from '../fixed/fixed-store.ts'
import { fromFelt } from '../fixed/fixed-store.ts'
import { analyzeTable, comparativeSignature, compatibleOffset, isSequence, signature } from '../fixed/table-analysis.ts'
import type { CallNode } from '../parser/ast.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { arrayOf, describeValue, type Value } from './value.ts'

type TableBuiltin = (rt: Runtime, call: CallNode, scope: Scope) => Value | undefined

export const TABLE_BUILTINS: readonly (readonly [string, TableBuiltin])[] = [
  ['Tables.num_rows', (rt, call, scope) => column(rt, call, scope, 0).rows],
  ['Tables.fill', fill],
  ['Tables.copy', copy],
  ['Tables.print', print],
  ['Tables.get_value', (rt, call, scope) => readValue(rt, call, scope)],
  ['Tables.is_constant', (rt, call, scope) => (isSequence(windowOf(rt, call, scope, 0, 1, 2), 0n) ? 1 : 0)],
  ['Tables.is_sequence', checkSequence],
  ['Tables.signature', (rt, call, scope) => fromFelt(signature(windowOf(rt, call, scope, 0, 1, 2)))],
  [
    'Tables.comparative_signature',
    (rt, call, scope) => fromFelt(comparativeSignature(windowOf(rt, call, scope, 0, 1, 2))),
  ],
  ['Tables.are_equals', areEqual],
  ['Tables.compatible_offset', offsetBetween],
  ['Tables.analyze', analyze],
  ['Tables.get_analyzed_type', (rt, call, scope) => analysis(rt, call, scope).type],
  ['Tables.get_analyzed_signature', (rt, call, scope) => fromFelt(analysis(rt, call, scope).signature)],
  ['Tables.get_analyzed_comparative_signature', (rt, call, scope) => fromFelt(analysis(rt, call, scope).comparative)],
  [
    'Tables.get_analyzed_size',
    (rt, call, scope) => ints([analysis(rt, call, scope).offset, analysis(rt, call, scope).count]),
  ],
  [
    'Tables.get_analyzed_range_values',
    (rt, call, scope) => felts([analysis(rt, call, scope).min, analysis(rt, call, scope).max]),
  ],
  ['Tables.get_analyzed_bits', (rt, call, scope) => analysis(rt, call, scope).bits],
  ['Tables.get_analyzed_params', (rt, call, scope) => known(rt, call, analysis(rt, call, scope).params)],
  ['Tables.get_analyzed_cycle', (rt, call, scope) => known(rt, call, analysis(rt, call, scope).cycle)],
  ['Tables.get_analyzed_partitions', (rt, call, scope) => known(rt, call, analysis(rt, call, scope).partitions)],
]

function ints(values: readonly number[]): Value {
  return arrayOf(values, 'int')
}

function felts(values: readonly bigint[]): Value {
  return arrayOf(values.map(fromFelt), 'int')
}

function known(rt: Runtime, call: CallNode, values: readonly bigint[] | undefined): Value {
  if (values !== undefined) return felts(values)
  throw rt.error('PIL_ARGUMENT', 'the analyzed table has no such property', call.span)
}

function argument(rt: Runtime, call: CallNode, scope: Scope, index: number): Value | undefined {
  const arg = call.args[index]
  return arg === undefined ? undefined : rt.parts.evaluate(arg.value, scope)
}

function column(rt: Runtime, call: CallNode, scope: Scope, index: number): FixedStore {
  const value = argument(rt, call, scope, index)
  if (typeof value === 'object' && value.tag === 'column' && value.store !== undefined) return value.store
  const got = value === undefined ? 'nothing' : describeValue(value)
  throw rt.error(
    'PIL_TYPE',
    `argument ${index + 1} must be a fixed column, got ${got}`,
    call.args[index]?.value.span ?? call.span,
  )
}

/** Integer argument in `[0, maximum]`, or the fallback when it is left out. */
function count(
  rt: Runtime,
  call: CallNode,
  scope: Scope,
  options: { readonly index: number; readonly maximum: number; readonly what: string; readonly fallback?: number },
): number {
  const value = argument(rt, call, scope, options.index)
  if (value === undefined && options.fallback !== undefined) return options.fallback
  const span = call.args[options.index]?.value.span ?? call.span
  return rt.toNumber(value, span, { minimum: 0, maximum: options.maximum, what: options.what })
}

function fill(rt: Runtime, call: CallNode, scope: Scope): undefined {
  const value = rt.toInt(argument(rt, call, scope, 0), call.span)
  const target = column(rt, call, scope, 1)
  const at = count(rt, call, scope, { index: 2, maximum: target.rows, what: 'the first row' })
  const rows = count(rt, call, scope, { index: 3, maximum: target.rows - at, what: 'the number of rows' })
  target.fill(value, at, rows)
  return undefined
}

function copy(rt: Runtime, call: CallNode, scope: Scope): undefined {
  const source = column(rt, call, scope, 0)
  const target = column(rt, call, scope, 2)
  if (source.external !== undefined) {
    rt.warn('PIL_EXTERNAL_FILE_MISSING', 'rows of an external column are copied: the target is external too', call.span)
    target.setExternal({ file: source.external.file, column: source.external.column })
    return undefined
  }
  const from = count(rt, call, scope, { index: 1, maximum: source.rows, what: 'the first row of the source' })
  const at = count(rt, call, scope, { index: 3, maximum: target.rows, what: 'the first row of the target' })
  const maximum = Math.min(source.rows - from, target.rows - at)
  const rows = count(rt, call, scope, { index: 4, maximum, what: 'the number of rows' })
  target.copy(source, from, at, rows)
  return undefined
}

function print(rt: Runtime, call: CallNode, scope: Scope): undefined {
  const { values, offset } = windowOf(rt, call, scope, 0, 1, 2)
  values.slice(0, 1000).forEach((value, i) => {
    rt.output(`${offset + i}: ${value}`)
  })
  return undefined
}

function readValue(rt: Runtime, call: CallNode, scope: Scope): Value {
  const source = column(rt, call, scope, 0)
  return source.read(count(rt, call, scope, { index: 1, maximum: source.rows - 1, what: 'the row' }))
}

/** A stretch of a column given by up to three arguments. */
function windowOf(
  rt: Runtime,
  call: CallNode,
  scope: Scope,
  columnAt: number,
  offsetAt: number,
  countAt: number,
): { values: BigUint64Array; offset: number } {
  const source = column(rt, call, scope, columnAt)
  if (source.external !== undefined)
    throw rt.error('PIL_CONTEXT', 'the rows of an external column are not known here', call.span)
  const offset = count(rt, call, scope, { index: offsetAt, maximum: source.rows, what: 'the first row', fallback: 0 })
  const maximum = source.rows - offset
  const rows = count(rt, call, scope, { index: countAt, maximum, what: 'the number of rows', fallback: maximum })
  return { values: source.values().subarray(offset, offset + rows), offset }
}

function checkSequence(rt: Runtime, call: CallNode, scope: Scope): Value {
  const delta = argument(rt, call, scope, 3)
  const step = delta === undefined ? undefined : BigInt(rt.toInt(delta, call.span))
  return isSequence(windowOf(rt, call, scope, 0, 1, 2), step) ? 1 : 0
}

function areEqual(rt: Runtime, call: CallNode, scope: Scope): Value {
  const a = windowOf(rt, call, scope, 0, 1, 4).values
  const b = windowOf(rt, call, scope, 2, 3, 4).values
  if (a.length !== b.length) return 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return 0
  return 1
}

function offsetBetween(rt: Runtime, call: CallNode, scope: Scope): Value {
  const a = windowOf(rt, call, scope, 0, 1, 4).values
  const b = windowOf(rt, call, scope, 2, 3, 4).values.subarray(0, a.length)
  return a.length === b.length ? compatibleOffset(a, b) : -1
}

function analyze(rt: Runtime, call: CallNode, scope: Scope): Value {
  return rt.analyses.push(analyzeTable(windowOf(rt, call, scope, 0, 1, 2))) - 1
}

function analysis(rt: Runtime, call: CallNode, scope: Scope): ReturnType<typeof analyzeTable> {
  const id = rt.toInt(argument(rt, call, scope, 0), call.span, 'the id of an analysis')
  const found = rt.analyses[Number(id)]
  if (found !== undefined) return found
  throw rt.error('PIL_ARGUMENT', `there is no analysis ${id}`, call.span)
}
