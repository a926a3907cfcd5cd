import { describe, expect, test } from 'vitest'
import { createRandomWords } from '../testing.ts'
import { call, type FunctionBuilder, i32, i32x4, i64, i64x2, ModuleBuilder, select, v128, wasm } from './index.ts'

type Exports = Readonly<Record<string, (...args: (number | bigint)[]) => number | bigint>>

function instantiate(module: ModuleBuilder, imports = {}): Exports {
  return new wasm.Instance(new wasm.Module(module.toBytes()), imports).exports as Exports
}

describe('type checks of the generator', () => {
  test('operands of a wrong type are refused where the expression is made', () => {
    expect(() => i64.add(i64.const(1n), i32.const(1))).toThrow(/operand 1 of type i64, got i32/)
    expect(() => v128.load(i64.const(0n))).toThrow(TypeError)
    expect(() => i64x2.shl(i32x4.const([1, 2, 3, 4]), i64.const(1n))).toThrow(TypeError)
    expect(() => select(i32.const(1), i32.const(1), i64.const(1n))).toThrow(TypeError)
  })

  test('a value is no statement, a statement no value, a call needs its arguments', () => {
    const module = new ModuleBuilder()
    const f = module.function({ params: ['i32'], result: 'i32' })
    expect(() => f.emit(i32.const(1))).toThrow(TypeError)
    expect(() => f.let(i32.store(i32.const(0), i32.const(1)))).toThrow(TypeError)
    expect(() => f.set(f.local('i64'), i32.const(1))).toThrow(TypeError)
    expect(() => f.return()).toThrow(TypeError)
    expect(() => f.return(i64.const(1n))).toThrow(TypeError)
    expect(() => f.branchIf({ depth: 0 }, i64.const(1n))).toThrow(TypeError)
    expect(() => call(f)).toThrow(/1 arguments, got 0/)
    expect(() => module.importFunction('env', 'late', { params: [] })).toThrow(RangeError)
  })
})

describe('generated modules', () => {
  test('constants of every size survive the encoding', () => {
    const next = createRandomWords(11n)
    const words = [
      0n,
      1n,
      63n,
      64n,
      127n,
      128n,
      (1n << 31n) - 1n,
      1n << 31n,
      (1n << 63n) - 1n,
      1n << 63n,
      (1n << 64n) - 1n,
    ]
    for (let i = 0; i < 40; i++) words.push(next() >> BigInt(i))
    const module = new ModuleBuilder()
    for (const [i, word] of words.entries()) {
      module.function({ params: [], result: 'i64' }, `i64_${i}`).return(i64.const(word))
      module.function({ params: [], result: 'i32' }, `i32_${i}`).return(i32.const(Number(BigInt.asIntN(32, word))))
      module.function({ params: [], result: 'i64' }, `v128_${i}`).return(i64x2.extract_lane(i64x2.const_splat(word), 1))
    }
    const exports = instantiate(module)
    for (const [i, word] of words.entries()) {
      expect(exports[`i64_${i}`]!()).toBe(BigInt.asIntN(64, word))
      expect(exports[`i32_${i}`]!()).toBe(Number(BigInt.asIntN(32, word)))
      expect(exports[`v128_${i}`]!()).toBe(BigInt.asIntN(64, word))
    }
  })

  test('control flow: loops, early exit, if and else, recursion', () => {
    const module = new ModuleBuilder()
    const sum = module.function({ params: ['i32', 'i32'], result: 'i32' }, 'sumBelow')
    {
      const f = sum
      const [limit, stop] = f.params
      const total = f.local('i32')
      const i = f.local('i32')
      f.block((done) => {
        f.for(i, i32.const(0), limit, 1, () => {
          f.branchIf(done, i32.eq(i, stop))
          f.set(total, i32.add(total, i))
        })
      })
      f.return(total)
    }
    const factorial: FunctionBuilder<readonly ['i64']> = module.function(
      { params: ['i64'], result: 'i64' },
      'factorial',
    )
    {
      const f = factorial
      const [n] = f.params
      const result = f.local('i64')
      f.if(
        i64.eqz(n),
        () => f.set(result, i64.const(1n)),
        () => f.set(result, i64.mul(n, call(factorial, i64.sub(n, i64.const(1n))))),
      )
      f.return(result)
    }
    const { sumBelow, factorial: fact } = instantiate(module)
    expect(sumBelow!(10, -1)).toBe(45)
    expect(sumBelow!(0, -1)).toBe(0)
    expect(sumBelow!(10, 4)).toBe(6)
    expect(fact!(20n)).toBe(2432902008176640000n)
  })

  test('imports: a shared memory, a global, a function; lanes and shuffles', () => {
    const module = new ModuleBuilder()
    module.importMemory('env', 'memory', { minPages: 1, maxPages: 4, shared: true })
    const base = module.importGlobal('env', 'base', 'i32')
    const log = module.importFunction('env', 'log', { params: ['i64'] })
    module.exportConstant('version', 7)
    const f = module.function({ params: [] }, 'run')
    const x = f.let(v128.load(base))
    f.emit(call(log, i64x2.extract_lane(i32x4.shuffle(x, x, [2, 3, 0, 1]), 0)))
    f.emit(v128.store64_lane(base, x, 1, 16))
    const memory = new wasm.Memory({ initial: 1, maximum: 4, shared: true })
    const words = new BigUint64Array(memory.buffer)
    words[4] = 5n
    words[5] = 6n
    const seen: bigint[] = []
    const env = {
      memory,
      base: new wasm.Global({ value: 'i32', mutable: false }, 32),
      log: (value: bigint) => seen.push(value),
    }
    const { run, version } = new wasm.Instance(new wasm.Module(module.toBytes()), { env }).exports
    ;(run as () => void)()
    expect(seen).toEqual([6n])
    expect(words[6]).toBe(6n)
    expect((version as { value: number }).value).toBe(7)
  })
})
