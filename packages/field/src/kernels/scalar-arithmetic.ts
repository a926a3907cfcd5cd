/** Goldilocks arithmetic on i64 values, emitted for the parts of kernels that are sequential by nature. */

import { EPSILON, P } from '../goldilocks.ts'
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64,
  type Local,
  type ModuleBuilder,
  select,
} from '../wasm/index.ts'

const low = (x: Expression): Expression => i64.and(x, i64.const(EPSILON))
const high = (x: Expression): Expression => i64.shr_u(x, i64.const(32n))
const epsilonIf = (condition: Expression): Expression => select(condition, i64.const(EPSILON), i64.const(0n))

/** x - p where x >= p. */
export function canonicalScalar(f: FunctionBuilder, x: Expression): Expression {
  const value = f.let(x)
  return select(i64.ge_u(value, i64.const(P)), i64.sub(value, i64.const(P)), value)
}

/** The canonical product of any representatives a and b, which must be locals. */
export function scalarProduct(f: FunctionBuilder, a: Local, b: Local): Expression {
  const ll = f.let(i64.mul(low(a), low(b)))
  const t0 = f.let(i64.add(i64.mul(high(a), low(b)), high(ll)))
  const t1 = f.let(i64.add(i64.mul(low(a), high(b)), low(t0)))
  const upper = f.let(i64.add(i64.add(i64.mul(high(a), high(b)), high(t0)), high(t1)))
  const lower = f.let(i64.mul(a, b))
  const h1 = f.let(high(upper))
  const s = f.let(i64.sub(i64.sub(lower, h1), epsilonIf(i64.lt_u(lower, h1))))
  const t = f.let(i64.sub(i64.shl(upper, i64.const(32n)), low(upper)))
  const r = f.let(i64.add(s, t))
  return canonicalScalar(f, i64.add(r, epsilonIf(i64.lt_u(r, t))))
}

/** Emits `mul(a, b)`: {@link scalarProduct} as a function. */
export function emitScalarMul(module: ModuleBuilder): FunctionRef {
  const f = module.function({ params: ['i64', 'i64'], result: 'i64' })
  const [a, b] = f.params
  f.return(scalarProduct(f, a, b))
  return f
}

/** Emits `inverse(a)`: a^(p-2), zero for zero. p - 2 = (2^31 - 1) 2^33 + 2^32 - 1. */
export function emitScalarInverse(module: ModuleBuilder, mul: FunctionRef): FunctionRef {
  const raise = module.function({ params: ['i64', 'i32'], result: 'i64' })
  {
    const f = raise
    const [x, squarings] = f.params
    f.loop((again) => {
      f.set(x, call(mul, x, x))
      f.set(squarings, i32.sub(squarings, i32.const(1)))
      f.branchIf(again, squarings)
    })
    f.return(x)
  }
  const f = module.function({ params: ['i64'], result: 'i64' })
  const [x] = f.params
  /** x^(2^(m+n) - 1) from x^(2^m - 1) and x^(2^n - 1). */
  const join = (a: Expression, b: Expression, n: number): Local => f.let(call(mul, call(raise, a, i32.const(n)), b))
  const x2 = join(x, x, 1)
  const x3 = join(x2, x, 1)
  const x6 = join(x3, x3, 3)
  const x12 = join(x6, x6, 6)
  const x24 = join(x12, x12, 12)
  const x30 = join(x24, x6, 6)
  const x31 = join(x30, x, 1)
  const x32 = join(x31, x, 1)
  f.return(join(x31, x32, 33))
  return f
}

/** Emits `fillPowers(dst, count, base, ratio)`: dst[i] = base ratio^i, canonical; eight chains run side by side. */
export function emitFillPowers(module: ModuleBuilder, mul: FunctionRef): void {
  const f = module.function({ params: ['i32', 'i32', 'i64', 'i64'] }, 'fillPowers')
  const [dst, count, base, ratio] = f.params
  const end = f.let(i32.shl(count, i32.const(3)))
  const head = f.let(select(i32.lt_u(end, i32.const(64)), end, i32.const(64)))
  const offset: Local = f.local('i32')
  const power = f.let(call(mul, base, i64.const(1n)))
  f.for(offset, i32.const(0), head, 8, () => {
    f.emit(i64.store(i32.add(dst, offset), power))
    f.set(power, call(mul, power, ratio))
  })
  const square = (x: Expression): Expression => {
    const y = f.let(x)
    return call(mul, y, y)
  }
  const leap = f.let(square(square(square(ratio))))
  f.for(offset, head, end, 8, () => {
    const at = f.let(i32.add(dst, offset))
    f.emit(i64.store(at, call(mul, i64.load(i32.sub(at, i32.const(64))), leap)))
  })
}
