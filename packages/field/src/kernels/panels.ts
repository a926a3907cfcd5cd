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

/** Emits `columnsToPanel`, `panelToColumns` and `clearPanel`; see the interface `Kernels`. */
export function emitPanelCopies(module: ModuleBuilder, scratch: Expression): void {
  emitClear(module)
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
