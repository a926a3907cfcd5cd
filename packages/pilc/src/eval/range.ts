import type { ListItem } from '../parser/ast.ts'
import { intAdd, intMul, intSub } from './int.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Value } from './value.ts'

/** Elements of a `v:n`, `a..b`, `a..+..b` or `a..*..b` item of an array literal. */
export function expandRange(
  rt: Runtime,
  item: ListItem,
  first: Value,
  before: readonly Value[],
  scope: Scope,
): Value[] {
  const { span } = item.value
  const limit = { minimum: 0, maximum: rt.limits.arrayLength, what: 'a number of repetitions' }
  const times = item.times === undefined ? 1 : rt.toNumber(rt.parts.evaluate(item.times, scope), span, limit)
  const { range } = item
  if (range === undefined) return Array.from({ length: times }, () => first)
  if (range.to === undefined) throw rt.error('PIL_SEQUENCE', 'an open series can only be given to a fixed column', span)
  const from = rt.toInt(first, span)
  const to = rt.toInt(rt.parts.evaluate(range.to, scope), range.to.span)
  const out: Value[] = []
  const push = (value: Value) => {
    for (let k = 0; k < times; k++) out.push(value)
    if (out.length > rt.limits.arrayLength)
      throw rt.error('PIL_LIMIT', `an array exceeds ${rt.limits.arrayLength} elements`, span)
  }
  const previous = range.op === '..' ? undefined : rt.toInt(before[before.length - 1], span, 'a term before the series')
  if (range.op === '..*..') {
    const ratio = previous === undefined || previous === 0 ? 0 : rt.int(span, () => intMul(1, from))
    if (previous !== 1) throw rt.error('PIL_SEQUENCE', 'a geometric array must start with 1', span)
    if (ratio === 0 || ratio === 1 || ratio === -1) throw rt.error('PIL_SEQUENCE', 'this series never ends', span)
    for (let value = from; value <= to; value = rt.int(span, () => intMul(value, ratio))) push(value)
    return out
  }
  const step = previous === undefined ? (from <= to ? 1 : -1) : intSub(from, previous)
  if (step === 0) throw rt.error('PIL_SEQUENCE', 'this series never ends', span)
  for (let value = from; step > 0 ? value <= to : value >= to; value = intAdd(value, step)) push(value)
  return out
}
