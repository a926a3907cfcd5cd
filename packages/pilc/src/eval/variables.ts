import { toFelt } from '@zisk/field'
import type { DeclaredName, Expr, Statement, VariableType } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { checkIndex } from './expressions.ts'
import { normalizeInt } from './int.ts'
import { requireScope, resolveBinding } from './names.ts'
import { applyBinary } from './operators.ts'
import type { Runtime } from './runtime.ts'
import type { Binding, Scope, Variable } from './scope.ts'
import { assignSequence } from './sequences.ts'
import { ArrayValue, defaultValue, describeValue, isInt, isSymbolic, type Value } from './value.ts'

/** Makes `binding` known under a declared name, in the block or in the scope that the name is prefixed with. */
export function declareName(rt: Runtime, name: DeclaredName, binding: Binding, scope: Scope): void {
  const text = rt.segmentText(name.name, scope)
  const known = name.scope === undefined ? scope.own(text) : requireScope(rt, name.scope, name.span).vars.get(text)
  if (known !== undefined && known.kind !== 'poison') {
    const place = known.kind === 'variable' || known.kind === 'fixed' ? ` at ${placeOf(known.span)}` : ''
    throw rt.error('PIL_NAME_TAKEN', `${text} is already declared${place}`, name.span)
  }
  if (name.scope === undefined) scope.declare(text, binding)
  else requireScope(rt, name.scope, name.span).vars.set(text, binding)
}

function placeOf(span: Span): string {
  const { line, column } = span.file.position(span.start)
  return `${span.file.path}:${line}:${column}`
}

/** `const int a = 1, b[2][3];` */
export function declareVariables(rt: Runtime, node: Statement & { kind: 'declare' }, scope: Scope): void {
  const { type, isConst } = node
  for (const name of node.names) {
    const value = initialValue(rt, name, { type, isConst }, scope)
    if (name.scope !== undefined && isConst && isKnownConstant(rt, name, { type, value }, scope)) continue
    declareName(rt, name, { kind: 'variable', type, isConst, value, span: name.span }, scope)
  }
}

/** True when the scope has this very constant already: branches of a template may each declare it. */
function isKnownConstant(
  rt: Runtime,
  name: DeclaredName,
  { type, value }: { readonly type: VariableType; readonly value: Value | undefined },
  scope: Scope,
): boolean {
  const known = requireScope(rt, name.scope!, name.span).vars.get(rt.segmentText(name.name, scope))
  return known?.kind === 'variable' && known.isConst && known.type === type && isSameConstant(known.value, value)
}

function isSameConstant(a: Value | undefined, b: Value | undefined): boolean {
  if (!(a instanceof ArrayValue && b instanceof ArrayValue)) return a !== undefined && a === b
  const others = b.values()
  return a.length === b.length && a.values().every((value, i) => isSameConstant(value, others[i]))
}

function initialValue(
  rt: Runtime,
  name: DeclaredName,
  { type, isConst }: { readonly type: VariableType; readonly isConst: boolean },
  scope: Scope,
): Value | undefined {
  const init = name.init === undefined ? undefined : rt.parts.evaluate(name.init, scope)
  if (name.dims.length === 0) {
    // Without dimensions a name takes those of the array that it is given.
    if (init instanceof ArrayValue && (type === 'expr' || type === 'int'))
      return arrayCopy(rt, init, { type, isConst }, name.init!.span)
    if (init !== undefined) return convert(rt, init, type, name.init!.span)
    return isConst ? undefined : defaultValue(type)
  }
  if (init !== undefined && !(init instanceof ArrayValue))
    throw rt.error('PIL_TYPE', `an array is initialised with an array, got ${describeValue(init)}`, name.init!.span)
  const dims = name.dims.map((dim, i) => {
    if (dim !== undefined) return arrayLength(rt, rt.parts.evaluate(dim, scope), dim.span)
    if (i === 0 && init !== undefined) return init.length
    throw rt.error('PIL_TYPE', 'this dimension needs a length', name.span)
  })
  const array = new ArrayValue({ type, isConst, dims, budget: rt.cellBudget })
  if (init !== undefined) copyArray(rt, array, init, name.init!.span)
  return array
}

function arrayCopy(
  rt: Runtime,
  source: ArrayValue,
  { type, isConst }: { readonly type: VariableType; readonly isConst: boolean },
  span: Span,
): ArrayValue {
  const dims: number[] = []
  for (let level: Value | undefined = source; level instanceof ArrayValue; level = level.get(0)) dims.push(level.length)
  const array = new ArrayValue({ type, isConst, dims, budget: rt.cellBudget })
  copyArray(rt, array, source, span)
  return array
}

/** A length of an array. */
export function arrayLength(rt: Runtime, value: Value, span: Span): number {
  return rt.toNumber(value, span, { minimum: 0, maximum: rt.limits.arrayLength, what: 'the length of an array' })
}

/** Copies elements, converting them to the type of the target. */
function copyArray(rt: Runtime, target: ArrayValue, source: ArrayValue, span: Span): void {
  if (source.length > target.length)
    throw rt.error('PIL_INDEX', `${source.length} values do not fit an array of ${target.length}`, span)
  for (let i = 0; i < source.length; i++) {
    const value = source.get(i)
    if (value === undefined) continue
    const nested = target.inner.length > 0 ? target.get(i) : undefined
    if (nested instanceof ArrayValue && value instanceof ArrayValue) copyArray(rt, nested, value, span)
    else if (nested instanceof ArrayValue)
      throw rt.error('PIL_TYPE', `expected an array, got ${describeValue(value)}`, span)
    else target.set(i, convert(rt, value, target.type, span))
  }
}

/** `int [a, b] = [1, 2];` */
export function destructure(rt: Runtime, node: Statement & { kind: 'destructure' }, scope: Scope): void {
  const value = rt.parts.evaluate(node.value, scope)
  if (!(value instanceof ArrayValue))
    throw rt.error('PIL_TYPE', `only an array can be taken apart, got ${describeValue(value)}`, node.value.span)
  if (value.length < node.names.length)
    throw rt.error('PIL_INDEX', `${node.names.length} names for ${value.length} values`, node.span)
  node.names.forEach((name, i) => {
    if (name === undefined) return
    const item = value.get(i) ?? defaultValue(node.type)
    const declared = { scope: undefined, name, dims: [], init: undefined, span: node.span }
    const { type, isConst, span } = node
    const element = item instanceof ArrayValue ? item : convert(rt, item, type, span)
    declareName(rt, declared, { kind: 'variable', type, isConst, value: element, span }, scope)
  })
}

/** The value as one of the declared type. `expr` takes integers, expressions, and texts (published programs pass those). */
export function convert(rt: Runtime, value: Value, type: VariableType, span: Span): Value {
  switch (type) {
    case 'int':
      if (isInt(value)) return value
      break
    case 'fe':
      if (isInt(value)) return normalizeInt(toFelt(BigInt(value)))
      break
    case 'string':
      if (typeof value === 'string') return value
      if (isInt(value)) return String(value)
      break
    case 'expr':
      if (!(value instanceof ArrayValue)) return value
  }
  const wanted = { int: 'an integer', fe: 'a field element', string: 'a string', expr: 'an expression' }[type]
  throw rt.error('PIL_TYPE', `expected ${wanted}, got ${describeValue(value)}`, span)
}

/** `target op= value` for variables, array elements and rows of fixed columns. */
export function assign(rt: Runtime, node: Statement & { kind: 'assign' }, scope: Scope): void {
  const { target } = node
  if (target.kind === 'name') assignName(rt, node, target, scope)
  else if (target.kind === 'index') assignElement(rt, node, target, scope)
  else throw rt.error('PIL_TYPE', 'only variables, elements and rows of fixed columns can be assigned', target.span)
}

function assignName(
  rt: Runtime,
  node: Statement & { kind: 'assign' },
  target: Expr & { kind: 'name' },
  scope: Scope,
): void {
  const binding = resolveBinding(rt, target, scope)
  if (binding.kind === 'fixed' && assignColumn(rt, node, binding.value, scope)) return
  if (binding.kind !== 'variable')
    throw rt.error('PIL_TYPE', `${rt.pathText(target, scope).join('.')} is not a variable`, target.span)
  if (node.op === '=' && node.value.kind === 'list' && binding.value !== undefined && isSymbolic(binding.value))
    if (assignColumn(rt, node, binding.value, scope)) return
  if (binding.isConst && binding.isParameter === true)
    rt.warn('PIL_PARAMETER_ASSIGNED', `${rt.pathText(target, scope).join('.')} is a constant parameter`, node.span)
  else if (binding.isConst && binding.value !== undefined && !(binding.value instanceof ArrayValue))
    throw rt.error(
      'PIL_CONST_ASSIGNED',
      `${rt.pathText(target, scope).join('.')} is constant and has a value`,
      node.span,
    )
  const value = rt.parts.evaluate(node.value, scope)
  if (binding.value instanceof ArrayValue) {
    if (node.op !== '=' || !(value instanceof ArrayValue))
      throw rt.error('PIL_TYPE', `an array can only be assigned an array`, node.span)
    copyArray(rt, binding.value, value, node.value.span)
    return
  }
  assignVariable(rt, binding, combine(rt, node, binding.value, value), node.value.span)
}

function assignVariable(rt: Runtime, binding: Variable, value: Value, span: Span): void {
  const { air } = rt
  if (air?.rows !== undefined && air.namespace.vars.get('N') === binding && value !== air.rows)
    throw rt.error('PIL_CONTEXT', 'N cannot change after the first column', span)
  binding.value = convert(rt, value, binding.type, span)
}

/** `old op value`. */
function combine(rt: Runtime, node: Statement & { kind: 'assign' }, old: Value | undefined, value: Value): Value {
  if (node.op === '=') return value
  if (old === undefined) throw rt.error('PIL_UNASSIGNED', 'this has no value yet', node.target.span)
  return applyBinary(rt, node.op.slice(0, -1) as '+', old, value, node.span)
}

/** Gives a sequence to a whole fixed column. False when the target is no fixed column. */
function assignColumn(rt: Runtime, node: Statement & { kind: 'assign' }, target: Value, scope: Scope): boolean {
  if (typeof target !== 'object' || target.tag !== 'column' || target.store === undefined) return false
  if (node.op !== '=') throw rt.error('PIL_TYPE', `operator ${node.op} cannot be applied to a column`, node.span)
  assignSequence(rt, target.store, node.value, scope)
  return true
}

function assignElement(
  rt: Runtime,
  node: Statement & { kind: 'assign' },
  target: Expr & { kind: 'index' },
  scope: Scope,
): void {
  const base = rt.parts.evaluate(target.base, scope)
  const index = rt.toInt(rt.parts.evaluate(target.index, scope), target.index.span, 'an integer index')
  if (typeof base === 'object' && base.tag === 'column' && base.store !== undefined) {
    const { store } = base
    const row = checkIndex(rt, index, store.rows, target.index.span)
    if (store.external !== undefined)
      throw rt.error('PIL_CONTEXT', `${base.label} is filled from an external file`, node.span)
    const value = rt.parts.evaluate(node.value, scope)
    const old = node.op === '=' ? undefined : store.read(row)
    rt.countFixed(store, node.span)
    store.write(row, rt.toInt(combine(rt, node, old, value), node.value.span, 'an integer for a row of a fixed column'))
    return
  }
  if (!(base instanceof ArrayValue)) throw rt.error('PIL_TYPE', `${describeValue(base)} cannot be indexed`, target.span)
  const at = checkIndex(rt, index, base.length, target.index.span)
  const old = base.has(at) ? base.get(at) : undefined
  if (node.op === '=' && old !== undefined && assignColumn(rt, node, old, scope)) return
  if (!base.writable)
    throw rt.error('PIL_CONST_ASSIGNED', 'an array of columns or values cannot be assigned', node.span)
  const value = rt.parts.evaluate(node.value, scope)
  if (base.inner.length > 0) {
    const nested = base.get(at)
    if (node.op !== '=' || !(value instanceof ArrayValue) || !(nested instanceof ArrayValue))
      throw rt.error('PIL_TYPE', 'a row of an array can only be assigned an array', node.span)
    copyArray(rt, nested, value, node.value.span)
    return
  }
  if (base.isConst && old !== undefined)
    throw rt.error('PIL_CONST_ASSIGNED', `element ${at} is constant and has a value`, node.span)
  base.set(
    at,
    convert(rt, combine(rt, node, node.op === '=' ? undefined : base.get(at), value), base.type, node.value.span),
  )
}
