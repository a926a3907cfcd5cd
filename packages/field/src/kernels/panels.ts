/**
 * Copies between columns and panels, eight columns at a time: whole rows of 64 bytes are written, where one column at a
 * time would touch every cache line of the panel eight times.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64,
  i64x2,
  type Local,
  type ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { SCRATCH } from './scratch.ts'

const ROW = 64
const COLUMNS = 8
/** Rows per call of an inner function; see `chunked.ts`. */
const CHUNK = 512

/** Place in scratch memory that stands for the columns that a panel does not have. */
const ABSENT = SCRATCH.state

/**
 * Emits `(columns, width, panel, begin, end)`. The body gets, for two rows, the panel's row pointer and the eight column
 * pointers; columns beyond the width lie at 16 bytes of scratch memory, which are zero at first.
 */
function emitCopy(
  module: ModuleBuilder,
  scratch: Expression,
  name: string,
  body: (f: FunctionBuilder, row: Local, pointers: readonly Local[]) => void,
): void {
  const inner = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  {
    const f = inner
    const [columns, width, panel, begin, end] = f.params
    const absent = f.let(i32.add(scratch, i32.const(ABSENT)))
    f.emit(v128.store(absent, i64x2.const_splat(0n)))
    const steps: Local[] = []
    const pointers = Array.from({ length: COLUMNS }, (_, c) => {
      const isPresent = f.let(i32.lt_u(i32.const(c), width))
      steps.push(f.let(select(isPresent, i32.const(16), i32.const(0))))
      const pointer = f.let(absent)
      f.if(isPresent, () => f.set(pointer, i32.add(i32.load(columns, 4 * c), i32.shl(begin, i32.const(3)))))
      return pointer
    })
    const row = f.local('i32')
    f.for(row, begin, end, 2, () => {
      body(f, f.let(i32.add(panel, i32.mul(row, i32.const(ROW)))), pointers)
      for (const [c, pointer] of pointers.entries()) f.set(pointer, i32.add(pointer, steps[c]!))
    })
  }
  emitChunks(module, name, inner)
}

function emitChunks(module: ModuleBuilder, name: string, inner: FunctionRef): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] }, name)
  const [columns, width, panel, begin, end] = f.params
  const row = f.local('i32')
  f.for(row, begin, end, CHUNK, () => {
    const next = f.let(i32.add(row, i32.const(CHUNK)))
    f.emit(call(inner, columns, width, panel, row, select(i32.lt_u(next, end), next, end)))
  })
}

/** Emits `clearPanel(panel, width, begin, end)`. */
function emitClear(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] }, 'clearPanel')
  const [panel, width, begin, end] = f.params
  const at = f.let(i32.add(i32.add(panel, i32.mul(begin, i32.const(ROW))), width))
  const last = f.let(i32.add(panel, i32.mul(end, i32.const(ROW))))
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.ge_u(at, last))
      f.emit(v128.store(at, i64x2.const_splat(0n)))
      f.set(at, i32.add(at, i32.const(16)))
      // At the end of a row, on to the part of the next one.
      f.if(i32.eqz(i32.and(at, i32.const(ROW - 1))), () => f.set(at, i32.add(at, width)))
      f.branch(again)
    })
  })
}

/** Emits `copyRows(pairs, count, src, srcStride, words, dst, dstStride)`. */
function emitCopyRows(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'copyRows')
  const [pairs, count, src, srcStride, words, dst, dstStride] = f.params
  const end = f.let(i32.add(pairs, i32.shl(count, i32.const(3))))
  const pair = f.local('i32')
  const offset = f.local('i32')
  const bytes = f.let(i32.shl(words, i32.const(3)))
  f.for(pair, pairs, end, 8, () => {
    const from = f.let(i32.add(src, i32.mul(i32.load(pair), srcStride)))
    const to = f.let(i32.add(dst, i32.mul(i32.load(pair, 4), dstStride)))
    f.for(offset, i32.const(0), bytes, 8, () => {
      f.emit(i64.store(i32.add(to, offset), i64.load(i32.add(from, offset))))
    })
  })
}

/** Emits `columnsToPanel`, `panelToColumns`, `clearPanel` and `copyRows`; see the interface `Kernels`. */
export function emitPanelCopies(module: ModuleBuilder, scratch: Expression): void {
  emitClear(module)
  emitCopyRows(module)
  emitCopy(module, scratch, 'columnsToPanel', (f, row, pointers) => {
    for (let c = 0; c < COLUMNS; c += 2) {
      const a = f.let(v128.load(pointers[c]!))
      const b = f.let(v128.load(pointers[c + 1]!))
      f.emit(v128.store(row, i64x2.shuffle(a, b, [0, 2]), 8 * c))
      f.emit(v128.store(row, i64x2.shuffle(a, b, [1, 3]), ROW + 8 * c))
    }
  })
  emitCopy(module, scratch, 'panelToColumns', (f, row, pointers) => {
    for (let c = 0; c < COLUMNS; c += 2) {
      const a = f.let(v128.load(row, 8 * c))
      const b = f.let(v128.load(row, ROW + 8 * c))
      f.emit(v128.store(pointers[c]!, i64x2.shuffle(a, b, [0, 2])))
      f.emit(v128.store(pointers[c + 1]!, i64x2.shuffle(a, b, [1, 3])))
    }
  })
}
