import type { ExprId, NamedEntry } from '@zisk/air'
import { toFelt } from '@zisk/field'
import { type ExternalColumn, FixedStore } from '../fixed/fixed-store.ts'
import type { ColumnNode, DeclaredName, Expr, Statement, ValueNode } from '../parser/ast.ts'
import { readFixedColumn } from '../source/fixed-file.ts'
import type { Span } from '../source/source-file.ts'
import { nearestName } from '../source/suggest.ts'
import { type AirContext, type ExternalFile, indexedLabel } from './context.ts'
import { findBinding } from './names.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { assignSequence } from './sequences.ts'
import { ArrayValue, isInt, type Value } from './value.ts'
import { arrayLength, declareName } from './variables.ts'

const MAX_STAGE = 8

/** `col witness|fixed|<commit> ...;` */
export function declareColumns(rt: Runtime, node: ColumnNode, scope: Scope): void {
  const air = requireAir(rt, node.span, 'a column')
  const stage = stageOf(rt, node.stage, scope, 1)
  for (const name of node.names) {
    if (name.init !== undefined && node.columnKind !== 'fixed')
      throw rt.error('PIL_TYPE', 'only a fixed column can be given values', name.init.span)
    const text = rt.segmentText(name.name, scope)
    const value = makeEntries(rt, name, scope, (index) =>
      makeColumn(rt, air, node, { name: text, index }, stage, scope),
    )
    declareName(rt, name, { kind: 'fixed', value, span: name.span }, scope)
    if (name.init === undefined) continue
    if (!(value instanceof ArrayValue)) fillColumn(rt, value, name.init, scope)
    else throw rt.error('PIL_SEQUENCE', 'give each column of an array its own sequence', name.init.span)
  }
}

function fillColumn(rt: Runtime, column: Value, init: Expr, scope: Scope): void {
  if (typeof column === 'object' && column.tag === 'column' && column.store !== undefined)
    assignSequence(rt, column.store, init, scope)
}

function makeColumn(
  rt: Runtime,
  air: AirContext,
  node: ColumnNode,
  entry: NamedEntry,
  stage: number,
  scope: Scope,
): Value {
  const rows = fixRows(rt, air, node.span)
  const expressions = rt.builder.expressions
  const source = rt.sourceRef(node.span)
  const label = indexedLabel(entry)
  if (node.columnKind === 'witness') {
    const bits = bitsOf(rt, node, scope)
    const index = air.builder.addWitness({ ...entry, stage, source, ...(bits === undefined ? {} : { bits }) })
    air.labels.witness[index] = label
    return {
      tag: 'column',
      kind: 'witness',
      owner: air,
      index,
      label,
      id: expressions.witness(index),
      store: undefined,
    }
  }
  if (node.columnKind === 'fixed') {
    const store = new FixedStore(virtualRows(rt, node, scope) ?? rows)
    rt.fixedStores.push(store)
    if (node.virtualRows === undefined) {
      const index = air.builder.addFixed({ ...entry, source, content: store.content() })
      air.labels.fixed[index] = label
      air.fixedStores[index] = store
      if (air.externalFile !== undefined) store.setExternal(externalColumn(air.externalFile, entry))
      return { tag: 'column', kind: 'fixed', owner: air, index, label, id: expressions.fixed(index), store }
    }
    // An uncommitted column has no index; it exists as a table only, and an expression over it cannot be constrained.
    const id = expressions.fixed(-1 - air.uncommitted++)
    return { tag: 'column', kind: 'fixed', owner: air.uncommittedOwner(), index: -1, label, id, store }
  }
  const commit = air.commits.get(node.commit!)
  if (commit === undefined) throw unknownCommit(rt, air, node)
  const index = air.builder.addCustomColumn({ ...entry, commit: commit.index, source })
  air.labels.custom[index] = label
  return { tag: 'column', kind: 'custom', owner: air, index, label, id: expressions.custom(index), store: undefined }
}

function bitsOf(rt: Runtime, node: ColumnNode, scope: Scope): { size: number; signed: boolean } | undefined {
  if (node.bits === undefined) return undefined
  const range = { minimum: 1, maximum: 64, what: 'the number of bits of a column' }
  return {
    size: rt.toNumber(rt.parts.evaluate(node.bits.size, scope), node.bits.size.span, range),
    signed: node.bits.signed,
  }
}

function unknownCommit(rt: Runtime, air: AirContext, node: ColumnNode): Error {
  const near = nearestName(node.commit!, ['witness', 'fixed', ...air.commits.keys()])
  const remedy = near === undefined ? undefined : `did you mean ${near}?`
  return rt.error('PIL_NAME_UNKNOWN', `no commit named ${node.commit} in this AIR`, node.span, remedy)
}

/** The next column of an external file, whose rows are read when they are wanted. */
function externalColumn(external: ExternalFile, entry: NamedEntry): ExternalColumn {
  const { path, found } = external
  const column = external.columns++
  return { file: path, column, load: found === undefined ? undefined : () => readFixedColumn(found, entry) }
}

function virtualRows(rt: Runtime, node: ColumnNode, scope: Scope): number | undefined {
  if (node.virtualRows === undefined) return undefined
  const range = { minimum: 1, maximum: rt.limits.rows, what: 'the rows of a virtual column' }
  return rt.toNumber(rt.parts.evaluate(node.virtualRows, scope), node.virtualRows.span, range)
}

/** The value of `N`. */
export function numberOfRows(air: AirContext): Value | undefined {
  const binding = air.namespace.vars.get('N')
  return binding?.kind === 'variable' ? binding.value : undefined
}

/** Reads `N` when the first column comes; from then on it cannot change. */
export function fixRows(rt: Runtime, air: AirContext, span: Span): number {
  if (air.rows !== undefined) return air.rows
  const binding = air.namespace.vars.get('N')
  if (binding?.kind !== 'variable' || !isInt(binding.value))
    throw rt.error('PIL_CONTEXT', `the airtemplate ${air.template} has no parameter N: its columns have no rows`, span)
  const range = { minimum: 1, maximum: rt.limits.rows, what: 'the number of rows N' }
  air.rowsRefused = true
  if (binding.value === 0 && air.externalFile !== undefined) binding.value = air.externalFile.rows
  const rows = rt.toNumber(binding.value, span, range)
  if (!air.isVirtual && !Number.isInteger(Math.log2(rows)))
    throw rt.error('PIL_ARGUMENT', `N must be a power of two, got ${rows}`, span)
  air.rowsRefused = false
  air.rows = rows
  air.builder.rows = rows
  return rows
}

/** `commit stage(0) public(root) name;` */
export function declareCommit(rt: Runtime, node: Statement & { kind: 'commit' }, scope: Scope): void {
  const air = requireAir(rt, node.span, 'a commit')
  const stage = stageOf(rt, node.stage, scope, 0)
  const publics: number[] = []
  if (node.publicName !== undefined) {
    const value = rt.parts.evaluate(node.publicName, scope)
    for (const item of value instanceof ArrayValue ? value.values() : [value])
      publics.push(publicIndex(rt, item, node.publicName.span))
  }
  for (const name of node.names) {
    if (air.commits.has(name)) throw rt.error('PIL_NAME_TAKEN', `commit ${name} is already declared`, node.span)
    air.commits.set(name, { index: air.builder.addCustomCommit({ name, stage, publics }) })
  }
}

function publicIndex(rt: Runtime, value: Value, span: Span): number {
  for (let i = 0; i < rt.labels.public.length; i++)
    if (typeof value === 'object' && value.tag === 'expr' && value.id === rt.builder.expressions.public(i)) return i
  throw rt.error('PIL_TYPE', 'the root of a commit must be publics', span)
}

/** `public`, `proofval`, `airval`, `airgroupval`, `challenge`. */
export function declareValues(rt: Runtime, node: ValueNode, scope: Scope): void {
  for (const declared of node.names) {
    if (declared.init !== undefined)
      throw rt.error('PIL_UNSUPPORTED', `a ${node.valueKind} cannot be given a value`, declared.init.span)
    const name = rt.segmentText(declared.name, scope)
    if (node.valueKind === 'airgroupval') {
      declareAirGroupValue(rt, node, declared, name, scope)
      continue
    }
    const value = makeEntries(rt, declared, scope, (index) => makeValue(rt, node, { name, index }, scope))
    const binding = { kind: 'fixed', value, span: declared.span } as const
    // These belong to the whole program wherever they are declared.
    if (node.valueKind === 'airval') declareName(rt, declared, binding, scope)
    else declareName(rt, { ...declared, scope: 'proof' }, binding, scope)
  }
}

function makeValue(rt: Runtime, node: ValueNode, entry: NamedEntry, scope: Scope): Value {
  const expressions = rt.builder.expressions
  const label = indexedLabel(entry)
  const symbolic = (id: ExprId, owner: AirContext | null): Value => ({ tag: 'expr', id, owner })
  switch (node.valueKind) {
    case 'public': {
      const index = rt.builder.addPublic(entry)
      rt.labels.public[index] = label
      return symbolic(expressions.public(index), null)
    }
    case 'proofval': {
      const index = rt.builder.addProofValue({ ...entry, stage: stageOf(rt, node.stage, scope, 1) })
      rt.labels.proofValue[index] = label
      return symbolic(expressions.proofValue(index), null)
    }
    case 'challenge': {
      const index = rt.builder.addChallenge({ ...entry, stage: stageOf(rt, node.stage, scope, 2) })
      rt.labels.challenge[index] = label
      return symbolic(expressions.challenge(index), null)
    }
    default: {
      const air = requireAir(rt, node.span, 'an airval')
      const index = air.builder.addAirValue({ ...entry, stage: stageOf(rt, node.stage, scope, 1) })
      air.labels.airValue[index] = label
      return symbolic(expressions.airValue(index), air)
    }
  }
}

/** An air-group value is declared by every AIR that contributes to it; the first declaration makes it. */
function declareAirGroupValue(rt: Runtime, node: ValueNode, declared: DeclaredName, name: string, scope: Scope): void {
  const group = rt.airGroup
  if (group === undefined) throw rt.error('PIL_CONTEXT', 'an airgroupval needs an airgroup around it', node.span)
  const known = group.namespace.vars.get(name)
  if (known !== undefined) {
    if (known.kind === 'fixed' && group.valueNames.has(name)) return
    throw rt.error('PIL_NAME_TAKEN', `${name} is already declared in the airgroup`, declared.span)
  }
  const aggregate = node.aggregate ?? 'sum'
  if (aggregate !== 'sum' && aggregate !== 'prod')
    throw rt.error('PIL_ARGUMENT', `the aggregate of an airgroupval is sum or prod, got ${aggregate}`, node.span)
  const stage = stageOf(rt, node.stage, scope, 2)
  const given = node.defaultValue === undefined ? undefined : rt.parts.evaluate(node.defaultValue, scope)
  const defaultValue =
    given === undefined ? (aggregate === 'sum' ? 0n : 1n) : toFelt(BigInt(rt.toInt(given, node.span)))
  const value = makeEntries(rt, declared, scope, (index) => {
    const entry = { name, index }
    const position = group.builder.addAirGroupValue({ ...entry, stage, aggregate, defaultValue })
    group.valueLabels[position] = indexedLabel(entry)
    return { tag: 'expr', id: rt.builder.expressions.airGroupValue(group.builder.id, position), owner: null }
  })
  group.valueNames.add(name)
  group.namespace.vars.set(name, { kind: 'fixed', value, span: declared.span })
}

/** A single entry, or a (nested) array of entries. */
function makeEntries(
  rt: Runtime,
  declared: DeclaredName,
  scope: Scope,
  make: (index: readonly number[]) => Value,
): Value {
  const dims = declared.dims.map((dim) => {
    if (dim === undefined) throw rt.error('PIL_TYPE', 'this dimension needs a length', declared.span)
    return arrayLength(rt, rt.parts.evaluate(dim, scope), dim.span)
  })
  const count = dims.reduce((product, dim) => product * dim, 1)
  rt.countColumns(count, declared.span)
  const build = (index: readonly number[]): Value => {
    if (index.length === dims.length) return make(index)
    const items = Array.from({ length: dims[index.length]! }, (_, i) => build([...index, i]))
    return new ArrayValue({ type: 'expr', isConst: true, dims: dims.slice(index.length), items, writable: false })
  }
  return build([])
}

function stageOf(rt: Runtime, node: Expr | undefined, scope: Scope, fallback: number): number {
  if (node === undefined) return fallback
  const range = { minimum: 0, maximum: MAX_STAGE, what: 'a stage' }
  return rt.toNumber(rt.parts.evaluate(node, scope), node.span, range)
}

/** The AIR that is open. */
export function requireAir(rt: Runtime, span: Span, what: string): AirContext {
  if (rt.air !== undefined) return rt.air
  throw rt.error('PIL_CONTEXT', `${what} can only be declared inside an airtemplate`, span)
}

/** True when the name is bound, without an error when it is not. */
export function isDefined(rt: Runtime, node: Expr, scope: Scope): boolean {
  if (node.kind === 'index') return isDefined(rt, node.base, scope)
  return node.kind === 'name' && findBinding(rt, node, scope) !== undefined
}
