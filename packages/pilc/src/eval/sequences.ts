import { inv, mul, toFelt } from '@zisk/field'
import type { FixedStore } from '../fixed/fixed-store.ts'
import type { SequencePlan } from '../fixed/sequence.ts'
import type { Expr, ListItem, ListNode } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { type Int, intMul, intSub } from './int.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { ArrayValue, describeValue, type Value } from './value.ts'

/** One part of a list before its open part has a length. */
type Part = { readonly plan: SequencePlan } | OpenPart

/** A part that takes whatever room is left. */
interface OpenPart {
  readonly open: (length: number) => SequencePlan
  readonly span: Span
}

/** Fills a fixed column with the sequence (or the array) that `node` stands for. */
export function assignSequence(rt: Runtime, store: FixedStore, node: Expr, scope: Scope): void {
  const plan =
    node.kind === 'list'
      ? listPlan(rt, node, scope, store.rows)
      : arrayPlan(rt, rt.parts.evaluate(node, scope), node.span)
  if (plan.length > store.rows)
    throw rt.error('PIL_SEQUENCE', `the sequence has ${plan.length} values, the column ${store.rows} rows`, node.span)
  if (plan.length < store.rows)
    rt.warn(
      'PIL_SEQUENCE_SHORT',
      `the sequence has ${plan.length} values, the column ${store.rows} rows: the others are 0`,
      node.span,
    )
  store.setPlan(plan, node.kind === 'list' && fillsColumn(node))
}

/** True when the sequence says `...`: it adapts to the height instead of counting rows. */
function fillsColumn(node: ListNode): boolean {
  if (node.fill) return true
  return node.items.some(
    (item) => item.fill || (item.value.kind === 'list' && item.times === undefined && item.value.fill),
  )
}

function arrayPlan(rt: Runtime, value: Value, span: Span): SequencePlan {
  if (!(value instanceof ArrayValue))
    throw rt.error('PIL_SEQUENCE', `a fixed column takes a sequence or an array, got ${describeValue(value)}`, span)
  const values = value.values().map((item) => toFelt(BigInt(rt.toInt(item, span, 'integers'))))
  return { kind: 'values', values, length: values.length }
}

/** Plan of a whole list; `room` is the number of rows an open part may fill up to. */
function listPlan(rt: Runtime, node: ListNode, scope: Scope, room: number | undefined): SequencePlan {
  const parts: Part[] = []
  let previous: { readonly value: Int; readonly times: number } | undefined
  for (const item of node.items) {
    const { part, term } = itemPart(rt, item, scope, previous)
    parts.push(...part)
    previous = term
  }
  const inner = closeParts(rt, parts, node.fill ? undefined : room, node.span)
  if (!node.fill) return inner
  if (room === undefined)
    throw rt.error('PIL_SEQUENCE', 'a filling sequence cannot stand inside a repeated one', node.span)
  if (inner.length === 0) throw rt.error('PIL_SEQUENCE', 'an empty sequence cannot fill a column', node.span)
  return { kind: 'cycle', inner, length: room }
}

function closeParts(rt: Runtime, parts: readonly Part[], room: number | undefined, span: Span): SequencePlan {
  let known = 0
  let open: OpenPart | undefined
  for (const part of parts) {
    if ('plan' in part) known += part.plan.length
    else if (open !== undefined) throw rt.error('PIL_SEQUENCE', 'a sequence can have one filling part only', part.span)
    else open = part
  }
  if (open !== undefined && room === undefined)
    throw rt.error('PIL_SEQUENCE', 'a filling part cannot stand inside a repeated sequence', open.span)
  const left = open === undefined ? 0 : room! - known
  if (left < 0)
    throw rt.error(
      'PIL_SEQUENCE',
      `the sequence has ${known} values before its filling part, the column ${room} rows`,
      span,
    )
  const plans = parts.map((part) => ('plan' in part ? part.plan : part.open(left)))
  const merged = mergeValues(plans.filter((plan) => plan.length > 0))
  const length = merged.reduce((sum, plan) => sum + plan.length, 0)
  checkLength(rt, length, span)
  return merged.length === 1 ? merged[0]! : { kind: 'concat', parts: merged, length }
}

/** Joins neighbouring value lists. */
function mergeValues(plans: readonly SequencePlan[]): SequencePlan[] {
  const out: SequencePlan[] = []
  let run: bigint[] | undefined
  for (const plan of plans) {
    if (plan.kind !== 'values') {
      out.push(plan)
      run = undefined
    } else if (run === undefined) {
      run = [...plan.values]
      out.push({ kind: 'values', values: run, length: run.length })
    } else {
      run.push(...plan.values)
      out[out.length - 1] = { kind: 'values', values: run, length: run.length }
    }
  }
  return out
}

/** Parts of one item and, when it is a plain term, what a following series builds on. */
function itemPart(
  rt: Runtime,
  item: ListItem,
  scope: Scope,
  previous: { readonly value: Int; readonly times: number } | undefined,
): { part: Part[]; term: { value: Int; times: number } | undefined } {
  const { span } = item.value
  if (item.value.kind === 'list') return { part: [nestedPart(rt, item, item.value, scope)], term: undefined }
  const value = rt.parts.evaluate(item.value, scope)
  const times = item.times === undefined ? 1 : repetitions(rt, item.times, scope)
  if (value instanceof ArrayValue) {
    const inner = arrayPlan(rt, value, span)
    return { part: [repeatPart(rt, inner, times, item, span)], term: undefined }
  }
  const first = rt.toInt(value, span, 'an integer in the sequence')
  if (item.range !== undefined) return { part: [rangePart(rt, item, first, times, previous, scope)], term: undefined }
  const single: SequencePlan = { kind: 'values', values: [toFelt(BigInt(first))], length: 1 }
  return { part: [repeatPart(rt, single, times, item, span)], term: { value: first, times } }
}

function nestedPart(rt: Runtime, item: ListItem, node: ListNode, scope: Scope): Part {
  const times = item.times === undefined ? 1 : repetitions(rt, item.times, scope)
  if (node.fill && item.times === undefined) {
    const inner = listPlan(rt, { ...node, fill: false }, scope, undefined)
    return { open: (length) => ({ kind: 'cycle', inner, length }), span: node.span }
  }
  return repeatPart(rt, listPlan(rt, node, scope, undefined), times, item, node.span)
}

function repeatPart(rt: Runtime, inner: SequencePlan, times: number, item: ListItem, span: Span): Part {
  const length = inner.length * times
  checkLength(rt, length, span)
  const plan: SequencePlan = times === 1 ? inner : { kind: 'cycle', inner, length }
  if (!item.fill) return { plan }
  if (plan.length === 0) throw rt.error('PIL_SEQUENCE', 'an empty sequence cannot fill a column', span)
  return { open: (room) => ({ kind: 'cycle', inner: plan, length: room }), span }
}

function rangePart(
  rt: Runtime,
  item: ListItem,
  first: Int,
  times: number,
  previous: { readonly value: Int; readonly times: number } | undefined,
  scope: Scope,
): Part {
  const { span } = item.value
  const range = item.range!
  const to = range.to === undefined ? undefined : rt.toInt(rt.parts.evaluate(range.to, scope), range.to.span)
  if (range.toTimes !== undefined && repetitions(rt, range.toTimes, scope) !== times)
    throw rt.error('PIL_SEQUENCE', 'both ends of a range must be repeated equally often', range.toTimes.span)
  if (range.op !== '..' && (previous === undefined || previous.times !== times))
    throw rt.error('PIL_SEQUENCE', `a series ${range.op} needs the term before it, repeated equally often`, span)
  if (range.op === '..*..') return geometricPart(rt, { first, times, previous: previous!.value, to, item })
  const step = range.op === '..' ? (first <= to! ? 1 : -1) : intSub(first, previous!.value)
  const make = (length: number): SequencePlan => ({
    kind: 'arithmetic',
    first: BigInt(first),
    step: BigInt(step),
    times,
    length,
  })
  if (to === undefined) return { open: make, span }
  if (step === 0 || (step > 0 ? to < first : to > first))
    throw rt.error('PIL_SEQUENCE', `the series from ${first} with step ${step} never reaches ${to}`, span)
  const terms = (BigInt(to) - BigInt(first)) / BigInt(step) + 1n
  if (terms * BigInt(times) > BigInt(rt.limits.rows)) checkLength(rt, Number.POSITIVE_INFINITY, span)
  const plan = make(Number(terms) * times)
  return repeatPart(rt, plan, 1, item, span)
}

function geometricPart(
  rt: Runtime,
  options: { first: Int; times: number; previous: Int; to: Int | undefined; item: ListItem },
): Part {
  const { first, times, previous, to, item } = options
  const { span } = item.value
  const before = toFelt(BigInt(previous))
  if (before === 0n) throw rt.error('PIL_SEQUENCE', 'a geometric series cannot follow a 0', span)
  const exact = previous !== 0 && BigInt(first) % BigInt(previous) === 0n
  const ratio = exact ? BigInt(first) / BigInt(previous) : undefined
  const feltRatio = ratio === undefined ? mul(toFelt(BigInt(first)), inv(before)) : toFelt(ratio)
  const make = (length: number): SequencePlan => ({
    kind: 'geometric',
    first: toFelt(BigInt(first)),
    ratio: feltRatio,
    times,
    length,
  })
  if (to === undefined) return { open: make, span }
  if (ratio === undefined || ratio === 0n || ratio === 1n || ratio === -1n)
    throw rt.error('PIL_SEQUENCE', 'this geometric series never ends', span)
  let terms = 0
  for (let value = first; abs(value) <= abs(to); value = rt.int(span, () => intMul(value, ratio))) terms++
  return repeatPart(rt, make(terms * times), 1, item, span)
}

function abs(value: Int): bigint {
  const wide = BigInt(value)
  return wide < 0n ? -wide : wide
}

function repetitions(rt: Runtime, node: Expr, scope: Scope): number {
  const limit = { minimum: 0, maximum: rt.limits.rows, what: 'a number of repetitions' }
  return rt.toNumber(rt.parts.evaluate(node, scope), node.span, limit)
}

function checkLength(rt: Runtime, length: number, span: Span): void {
  if (length > rt.limits.rows) throw rt.error('PIL_LIMIT', `a sequence may have at most ${rt.limits.rows} values`, span)
}
