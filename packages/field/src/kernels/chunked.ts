/**
 * Splits a whole-column kernel into short calls. V8 enters the optimised code of a function only at its next call, so a
 * single call over a million rows would run to its end in baseline code, three times slower.
 */
import { call, type FunctionRef, i32, type Local, type ModuleBuilder, select } from '../wasm/index.ts'

/**
 * A function, exported where `name` is given, with the parameters of `inner`, the last of which is a count. `steps` gives how many bytes each of the
 * other parameters advances per element, 0 at the end of the list left out.
 */
export function emitChunked(
  module: ModuleBuilder,
  name: string | undefined,
  inner: FunctionRef,
  options: { readonly steps: readonly number[]; readonly chunk: number },
): FunctionRef {
  const { params } = inner.signature
  const f = module.function({ params }, name)
  const count = f.params[params.length - 1]!
  const size = f.local('i32')
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.eqz(count))
      f.set(size, select(i32.lt_u(count, i32.const(options.chunk)), count, i32.const(options.chunk)))
      f.emit(call(inner, ...f.params.slice(0, -1), size))
      for (const [i, step] of options.steps.entries()) {
        const param: Local = f.params[i]!
        if (step !== 0) f.set(param, i32.add(param, i32.mul(size, i32.const(step))))
      }
      f.set(count, i32.sub(count, size))
      f.branch(again)
    })
  })
  return f
}
