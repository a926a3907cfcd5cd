/** Emits the body of a row kernel: a straight line of canonical Goldilocks arithmetic on 64-bit locals. */
import { EPSILON, P } from '@zisk/field'
import { type Expression, type FunctionBuilder, i64, type Local, select } from '@zisk/field/wasm'
import { type ExpressionDag, type ExprId, isColumn, NODE } from '../model/expression.ts'
import { allocateSlots, type OutputGroup } from './partition.ts'

/** Byte addresses in the kernel's memory. */
export interface KernelLayout {
  /** Rows that a column holds ahead of the first row of the block. */
  readonly before: number
  /** Start of the column or value of each leaf, by {@link leafKey}. */
  readonly address: ReadonlyMap<string, number>
  /** Start of an output column. */
  readonly output: (position: number) => number
}

/** Identity of a leaf's storage: the row offset does not count. */
export function leafKey(kind: number, a: number, b: number): string {
  return isColumn(kind) ? `${kind}:${a}` : `${kind}:${a}:${b}`
}

const WORD_BYTES = 8
const EPS = i64.const(EPSILON)
const PRIME = i64.const(P)
const WORD = i64.const(32n)

/** Computes a group for the row at byte distance `row` from the start of the block. */
export function emitGroup(options: {
  readonly f: FunctionBuilder
  readonly row: Local
  /** A local that stays zero. */
  readonly zero: Local
  readonly dag: ExpressionDag
  readonly group: OutputGroup
  readonly outputs: readonly ExprId[]
  readonly layout: KernelLayout
}): void {
  const { f, row, zero, dag, group, outputs, layout } = options
  const positions = new Map<ExprId, number[]>()
  for (const position of group.outputs)
    positions.set(outputs[position]!, [...(positions.get(outputs[position]!) ?? []), position])
  const { slots, count } = allocateSlots(dag, group.nodes)
  const registers = Array.from({ length: count }, () => f.local('i64'))
  const emit = baseFieldArithmetic(f)
  const operands = new Map<ExprId, Expression>()
  for (const [at, id] of group.nodes.entries()) {
    const [kind, a, b] = [dag.kinds[id]!, dag.a[id]!, dag.b[id]!]
    const target = registers[slots[at]!]!
    if (kind === NODE.constant) f.set(target, i64.const(dag.constants[a]!))
    else if (isColumn(kind))
      f.set(target, i64.load(row, layout.address.get(leafKey(kind, a, b))! + (layout.before + b) * WORD_BYTES))
    else if (kind < NODE.neg) f.set(target, i64.load(zero, layout.address.get(leafKey(kind, a, b))!))
    else if (kind === NODE.neg) emit.neg(target, operands.get(a)!)
    else if (kind === NODE.add) emit.add(target, operands.get(a)!, operands.get(b)!)
    else if (kind === NODE.sub) emit.sub(target, operands.get(a)!, operands.get(b)!)
    else if (isShort(dag, a)) emit.mulShort(target, operands.get(b)!, dag.constants[dag.a[a]!]!)
    else if (isShort(dag, b)) emit.mulShort(target, operands.get(a)!, dag.constants[dag.a[b]!]!)
    else emit.mul(target, operands.get(a)!, operands.get(b)!)
    operands.set(id, target)
    for (const position of positions.get(id) ?? []) f.emit(i64.store(row, target, layout.output(position)))
  }
}

/** A constant below 2^32, whose product needs two multiplications instead of four. */
function isShort(dag: ExpressionDag, id: ExprId): boolean {
  return dag.kinds[id] === NODE.constant && dag.constants[dag.a[id]!]! <= EPSILON
}

interface Arithmetic {
  readonly add: (target: Local, x: Expression, y: Expression) => void
  readonly sub: (target: Local, x: Expression, y: Expression) => void
  readonly neg: (target: Local, x: Expression) => void
  readonly mul: (target: Local, x: Expression, y: Expression) => void
  /** Product with a constant below 2^32. */
  readonly mulShort: (target: Local, x: Expression, constant: bigint) => void
}

/** Canonical in, canonical out; operands are locals other than the target. */
function baseFieldArithmetic(f: FunctionBuilder): Arithmetic {
  const [low, mid, mid2, high, carry] = [f.local('i64'), f.local('i64'), f.local('i64'), f.local('i64'), f.local('i64')]
  const lowHalf = (x: Expression): Expression => i64.and(x, EPS)
  const highHalf = (x: Expression): Expression => i64.shr_u(x, WORD)
  const shifted = (x: Expression): Expression => i64.shl(x, WORD)
  /** target = base + addend for base + addend < 2^64 + 2^64 - 2^32: the carry is worth 2^32 - 1. */
  const addReducing = (target: Local, base: Expression, addend: Local): void => {
    f.set(target, i64.add(base, addend))
    f.set(target, select(i64.lt_u(target, addend), i64.add(target, EPS), target))
    f.set(target, select(i64.ge_u(target, PRIME), i64.sub(target, PRIME), target))
  }
  const sub = (target: Local, x: Expression, y: Expression): void => {
    f.set(target, i64.sub(x, y))
    f.set(target, select(i64.lt_u(x, y), i64.add(target, PRIME), target))
  }
  return {
    sub,
    add: (target, x, y) => {
      f.set(low, i64.sub(PRIME, y))
      sub(target, x, low)
    },
    neg: (target, x) => f.set(target, select(i64.eqz(x), x, i64.sub(PRIME, x))),
    mul: (target, x, y) => {
      f.set(low, i64.mul(lowHalf(x), lowHalf(y)))
      f.set(mid, i64.add(i64.mul(highHalf(x), lowHalf(y)), highHalf(low)))
      f.set(mid2, i64.add(i64.mul(lowHalf(x), highHalf(y)), lowHalf(mid)))
      f.set(high, i64.add(i64.mul(highHalf(x), highHalf(y)), i64.add(highHalf(mid), highHalf(mid2))))
      f.set(low, i64.or(shifted(mid2), lowHalf(low)))
      // 2^64 = 2^32 - 1 and 2^96 = -1: low - (high >> 32) + (high & EPS) * EPS
      f.set(carry, highHalf(high))
      f.set(mid, i64.sub(low, carry))
      f.set(mid, select(i64.lt_u(low, carry), i64.sub(mid, EPS), mid))
      f.set(high, lowHalf(high))
      f.set(carry, i64.sub(shifted(high), high))
      addReducing(target, mid, carry)
    },
    mulShort: (target, x, constant) => {
      f.set(low, i64.mul(lowHalf(x), i64.const(constant)))
      f.set(mid, i64.add(i64.mul(highHalf(x), i64.const(constant)), highHalf(low)))
      f.set(low, i64.or(shifted(mid), lowHalf(low)))
      f.set(high, highHalf(mid))
      f.set(carry, i64.sub(shifted(high), high))
      addReducing(target, low, carry)
    },
  }
}
