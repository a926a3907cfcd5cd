/** Emits the module behind `createWeightedSums`: a few hundred bytes, compiled in less than a millisecond. */
import { EPSILON } from '../goldilocks.ts'
import { canonicalScalar, scalarProduct } from '../kernels/scalar-arithmetic.ts'
import { type Expression, type FunctionBuilder, i32, i64, ModuleBuilder, select } from '../wasm/index.ts'
import { MAX_PAGES, TERM_BYTES } from './weighted-sums.ts'

/** The module imports `env.memory` and exports `add(row, terms, end, sum)`, pointers in bytes. */
export function sumsModuleBytes(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minPages: 1, maxPages: MAX_PAGES, shared: false })
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] }, 'add')
  const [row, terms, end, sum] = f.params
  const totals = [0, 1, 2].map((k) => f.let(i64.load(sum, 8 * k)))
  const term = f.local('i32')
  f.for(term, terms, end, TERM_BYTES, () => {
    const word = f.let(i64.load(i32.add(row, i32.shl(i32.load(term), i32.const(3)))))
    for (const [k, total] of totals.entries()) {
      const weight = f.let(i64.load(term, 8 + 8 * k))
      f.set(total, canonicalSum(f, total, scalarProduct(f, word, weight)))
    }
  })
  for (const [k, total] of totals.entries()) f.emit(i64.store(sum, total, 8 * k))
  return module.toBytes()
}

/** The sum of two canonical words: 2^64, when it is carried out, is 2^32 - 1 mod p. */
function canonicalSum(f: FunctionBuilder, a: Expression, b: Expression): Expression {
  const left = f.let(a)
  const sum = f.let(i64.add(left, b))
  const carried = select(i64.lt_u(sum, left), i64.const(EPSILON), i64.const(0n))
  return canonicalScalar(f, i64.add(sum, carried))
}
