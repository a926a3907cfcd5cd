/**
 * What the kernels are measured against: the same work as a plain scalar WebAssembly loop, one element after the other,
 * run in the same process. Ratios to it carry over from machine to machine where nanoseconds do not.
 */
import { BLAKE3_IV, BLAKE3_PERMUTATION, BLAKE3_QUARTERS, BLAKE3_ROUNDS } from '../src/kernels/blake3.ts'
import { scalarProduct } from '../src/kernels/scalar-arithmetic.ts'
import { call, type Expression, i32, i64, type Local, ModuleBuilder, type WasmMemory, wasm } from '../src/wasm/index.ts'

export interface Yardstick {
  /** dst[i] = a[i] b[i], canonical. */
  readonly mulLoop: (a: number, b: number, dst: number, count: number) => void
  /** BLAKE3 compression of each 64-byte row, as a root chunk; 32 bytes each to dst. */
  readonly blake3Loop: (rows: number, dst: number, count: number) => void
}

export function createYardstick(memory: WasmMemory): Yardstick {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minPages: 1, maxPages: 65536, shared: true })
  emitMulLoop(module)
  emitBlake3Loop(module)
  const { exports } = new wasm.Instance(new wasm.Module(module.toBytes()), { env: { memory } })
  return exports as unknown as Yardstick
}

function emitMulLoop(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] }, 'mulLoop')
  const [a, b, dst, count] = f.params
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 8, () => {
    const product = scalarProduct(f, f.let(i64.load(i32.add(a, offset))), f.let(i64.load(i32.add(b, offset))))
    f.emit(i64.store(i32.add(dst, offset), product))
  })
}

function emitBlake3Loop(module: ModuleBuilder): void {
  const compress = module.function({ params: ['i32', 'i32'] })
  {
    const f = compress
    const [row, dst] = f.params
    const constants = [...BLAKE3_IV, ...BLAKE3_IV.slice(0, 4), 0, 0, 64, 11]
    const v: Local[] = constants.map((word) => f.let(i32.const(word)))
    let order = Array.from({ length: 16 }, (_, i) => i)
    const mix = (target: Local, other: Local, bits: number): void =>
      f.set(target, i32.rotr(xor(target, other), i32.const(bits)))
    const xor = (a: Expression, b: Expression): Expression => i32.xor(a, b)
    for (let round = 0; round < BLAKE3_ROUNDS; round++) {
      for (const [q, [ia, ib, ic, id]] of BLAKE3_QUARTERS.entries()) {
        const [a, b, c, d] = [v[ia]!, v[ib]!, v[ic]!, v[id]!]
        for (const [half, dBits, bBits] of [
          [0, 16, 12],
          [1, 8, 7],
        ] as const) {
          f.set(a, i32.add(i32.add(a, b), i32.load(row, 4 * order[2 * q + half]!)))
          mix(d, a, dBits)
          f.set(c, i32.add(c, d))
          mix(b, c, bBits)
        }
      }
      order = BLAKE3_PERMUTATION.map((from) => order[from]!)
    }
    for (let i = 0; i < 8; i++) f.emit(i32.store(dst, i32.xor(v[i]!, v[i + 8]!), 4 * i))
  }
  const f = module.function({ params: ['i32', 'i32', 'i32'] }, 'blake3Loop')
  const [rows, dst, count] = f.params
  const i = f.local('i32')
  f.for(i, i32.const(0), count, 1, () => {
    f.emit(call(compress, i32.add(rows, i32.shl(i, i32.const(6))), i32.add(dst, i32.shl(i, i32.const(5)))))
  })
}
