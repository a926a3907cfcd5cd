/** Poseidon2 over memory: permutations of arrays of states, leaves of panels, Merkle nodes; two rows in the lanes. */
import type { Poseidon2Width } from '../poseidon2-parameters.ts'
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
import { emitPermutation, getCell, setCell } from './poseidon2-kernel.ts'

const DIGEST_CELLS = 4
const DIGEST_BYTES = 32
const LEAF_WIDTH = 16
const LEAF_RATE = LEAF_WIDTH - DIGEST_CELLS
const PANEL_CELLS = 8

/** Runs the body for every two rows of begin..end; the last row stands twice where their number is odd. */
function forRowPairs(f: FunctionBuilder, begin: Local, end: Local, body: (row0: Local, row1: Local) => void): void {
  const row = f.local('i32')
  f.for(row, begin, end, 2, () => {
    const next = f.let(i32.add(row, i32.const(1)))
    body(row, f.let(select(i32.lt_u(next, end), next, row)))
  })
}

/** The words at two addresses, one in each lane. */
function loadPair(at0: Expression, at1: Expression, offset: number): Expression {
  return v128.load64_lane(at1, v128.load64_zero(at0, offset), 1, offset)
}

function storePair(f: FunctionBuilder, at0: Expression, at1: Expression, value: Expression, offset: number): void {
  f.emit(v128.store64_lane(at0, value, 0, offset))
  f.emit(v128.store64_lane(at1, value, 1, offset))
}

function storeDigests(f: FunctionBuilder, base: Local, out: Local, row0: Local, row1: Local): void {
  const at0 = f.let(i32.add(out, i32.mul(row0, i32.const(DIGEST_BYTES))))
  const at1 = f.let(i32.add(out, i32.mul(row1, i32.const(DIGEST_BYTES))))
  for (let k = 0; k < DIGEST_CELLS; k++) storePair(f, at0, at1, getCell(f, base, k), 8 * k)
}

/** Emits `poseidon2Permute{8,12,16}(states, count)`. */
function emitPermute(module: ModuleBuilder, scratch: Expression, permute: FunctionRef, width: Poseidon2Width): void {
  const f = module.function({ params: ['i32', 'i32'] }, `poseidon2Permute${width}`)
  const [states, count] = f.params
  const base = f.let(scratch)
  forRowPairs(f, f.let(i32.const(0)), count, (row0, row1) => {
    const at0 = f.let(i32.add(states, i32.mul(row0, i32.const(8 * width))))
    const at1 = f.let(i32.add(states, i32.mul(row1, i32.const(8 * width))))
    for (let i = 0; i < width; i++) setCell(f, base, i, loadPair(at0, at1, 8 * i))
    f.emit(call(permute, base))
    for (let i = 0; i < width; i++) storePair(f, at0, at1, getCell(f, base, i), 8 * i)
  })
}

/** Emits `poseidon2Nodes{2,3,4}(children, spacing, stride, out, begin, end)`. */
function emitNodes(module: ModuleBuilder, scratch: Expression, permute: FunctionRef, arity: number): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, `poseidon2Nodes${arity}`)
  const [children, spacing, stride, out, begin, end] = f.params
  const base = f.let(scratch)
  forRowPairs(f, begin, end, (row0, row1) => {
    const at0 = f.let(i32.add(children, i32.mul(row0, stride)))
    const at1 = f.let(i32.add(children, i32.mul(row1, stride)))
    for (let child = 0; child < arity; child++) {
      for (let k = 0; k < DIGEST_CELLS; k++) {
        setCell(f, base, DIGEST_CELLS * child + k, loadPair(at0, at1, 8 * k))
      }
      f.set(at0, i32.add(at0, spacing))
      f.set(at1, i32.add(at1, spacing))
    }
    f.emit(call(permute, base))
    storeDigests(f, base, out, row0, row1)
  })
}

/** Emits `poseidon2Leaves(panels, cells, rowStride, out, begin, end)`: the sponge of width 16 over each row. */
function emitLeaves(module: ModuleBuilder, scratch: Expression, permute: FunctionRef): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'poseidon2Leaves')
  const [panels, cells, rowStride, out, begin, end] = f.params
  const base = f.let(scratch)
  const cell = f.local('i32')
  const block = f.local('i32')
  const place = f.local('i32')
  const cellBytes = 32
  const zero = i64x2.const_splat(0n)
  forRowPairs(f, begin, end, (row0, row1) => {
    const offset0 = f.let(i32.mul(row0, rowStride))
    const offset1 = f.let(i32.mul(row1, rowStride))
    for (let k = 0; k < DIGEST_CELLS; k++) setCell(f, base, LEAF_RATE + k, zero)
    f.for(block, i32.const(0), cells, LEAF_RATE, () => {
      f.if(block, () => {
        const carry = [0, 1, 2, 3].map((k) => getCell(f, base, k))
        for (const [k, x] of carry.entries()) setCell(f, base, LEAF_RATE + k, x)
      })
      f.set(place, base)
      f.for(cell, block, i32.add(block, i32.const(LEAF_RATE)), 1, () => {
        f.if(
          i32.lt_u(cell, cells),
          () => {
            const panel = i32.load(i32.add(panels, i32.shl(i32.shr_u(cell, i32.const(3)), i32.const(2))))
            const column = i32.shl(i32.and(cell, i32.const(PANEL_CELLS - 1)), i32.const(3))
            const at = f.let(i32.add(panel, column))
            setCell(f, place, 0, loadPair(i32.add(at, offset0), i32.add(at, offset1), 0))
          },
          () => setCell(f, place, 0, zero),
        )
        f.set(place, i32.add(place, i32.const(cellBytes)))
      })
      f.emit(call(permute, base))
    })
    storeDigests(f, base, out, row0, row1)
  })
}

/** Emits the Poseidon2 kernels; see the interface `Kernels`. */
export function emitPoseidon2(module: ModuleBuilder, scratch: Expression): void {
  for (const [width, arity] of [
    [8, 2],
    [12, 3],
    [16, 4],
  ] as const) {
    const permute = emitPermutation(module, width)
    emitPermute(module, scratch, permute, width)
    emitNodes(module, scratch, permute, arity)
    if (width === LEAF_WIDTH) emitLeaves(module, scratch, permute)
  }
}
