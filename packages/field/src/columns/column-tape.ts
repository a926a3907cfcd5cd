/**
 * Column programs without compilation: a list of whole-column operations on blocks of rows, run by the kernels. Up to
 * twice as slow as the compiled form; on a few thousand rows it is done before that would be generated and compiled.
 */
import type { Kernels, Offset } from '../kernels/kernels.ts'
import type { WasmMemory } from '../wasm/index.ts'
import type { ColumnKernel } from './column-kernel.ts'
import { type ColumnNode, type ColumnProgram, extensionNodes, type NodeId, operandsOf } from './column-program.ts'
import { SCALAR_BYTES } from './compile-columns.ts'
import { schedule } from './schedule.ts'

/** Rows of a block. */
const BLOCK_ROWS = 256
/** Bytes of a coordinate of a value: a place in the work area. */
const PLACE = 8 * BLOCK_ROWS

const OP = { load: 0, add: 1, sub: 2, mul: 3, extMul: 4, store: 5, accumulate: 6 } as const
const STEP_WORDS = 4

/** A program as a list of operations: plain data. */
export interface ColumnTape {
  /**
   * Four words for each step: operation, destination, two operands; places are bytes into the work area. A load takes a
   * column and a row offset; a store has the number of an output coordinate as its destination.
   */
  readonly steps: Int32Array
  readonly strides: readonly number[]
  /** Scalar coordinates; scalar i lies at place i + 1 of the work area, after a place of zeros. */
  readonly scalarCount: number
  readonly workBytes: number
}

/** Plans a program. */
export function planColumns(program: ColumnProgram): ColumnTape {
  const { nodes, outputs, strides } = program
  const isExt = extensionNodes(program)
  const widthOf = (id: NodeId): number => (isExt[id]! ? 3 : 1)
  const scalarCount = nodes.reduce(
    (most, node, id) => ('scalar' in node ? Math.max(most, node.scalar + widthOf(id)) : most),
    0,
  )
  const order = schedule(program)
  const lastUse = new Map<NodeId, number>()
  for (const [at, id] of order.entries()) for (const operand of operandsOf(nodes[id]!)) lastUse.set(operand, at)
  for (const { node } of outputs) lastUse.set(node, order.length)
  const free: Record<number, number[]> = { 1: [], 3: [] }
  let places = 1 + scalarCount
  const reserve = (width: number): number => {
    const known = free[width]!.pop()
    if (known !== undefined) return known
    places += width
    return (places - width) * PLACE
  }
  const steps: number[] = []
  const emit = (op: number, dst: number, a: number, b: number): number => steps.push(op, dst, a, b)
  const placeOf = new Map<NodeId, number>()
  for (const [at, id] of order.entries()) {
    const node = nodes[id]!
    if ('scalar' in node) {
      placeOf.set(id, (1 + node.scalar) * PLACE)
      continue
    }
    const dst = reserve(widthOf(id))
    placeOf.set(id, dst)
    emitNode(emit, node, dst, (operand) => ({ place: placeOf.get(operand)!, width: widthOf(operand) }))
    for (const operand of new Set(operandsOf(node)))
      if (lastUse.get(operand) === at && !('scalar' in nodes[operand]!))
        free[widthOf(operand)]!.push(placeOf.get(operand)!)
  }
  let coordinate = 0
  for (const { node, accumulate } of outputs)
    for (let k = 0; k < widthOf(node); k++)
      emit(accumulate ? OP.accumulate : OP.store, coordinate++, placeOf.get(node)! + k * PLACE, 0)
  return { steps: Int32Array.from(steps), strides, scalarCount, workBytes: places * PLACE }
}

interface Operand {
  readonly place: number
  readonly width: number
}

function emitNode(
  emit: (op: number, dst: number, a: number, b: number) => void,
  node: ColumnNode,
  dst: number,
  operandOf: (id: NodeId) => Operand,
): void {
  /** Coordinate k of an operand; those that it does not have are zeros. */
  const at = ({ place, width }: Operand, k: number): number => (k < width ? place + k * PLACE : 0)
  if (node.kind === 'column') emit(OP.load, dst, node.column, node.offset)
  else if (node.kind === 'extColumn')
    for (let k = 0; k < 3; k++) emit(OP.load, dst + k * PLACE, node.column + k, node.offset)
  else if (node.kind === 'neg') {
    const a = operandOf(node.a)
    for (let k = 0; k < a.width; k++) emit(OP.sub, dst + k * PLACE, 0, at(a, k))
  } else if (node.kind === 'mul') {
    const [a, b] = [operandOf(node.a), operandOf(node.b)]
    if (a.width === 3 && b.width === 3) emit(OP.extMul, dst, a.place, b.place)
    else {
      const [wide, narrow] = a.width >= b.width ? [a, b] : [b, a]
      for (let k = 0; k < wide.width; k++) emit(OP.mul, dst + k * PLACE, at(wide, k), narrow.place)
    }
  } else if (node.kind === 'add' || node.kind === 'sub') {
    const [a, b] = [operandOf(node.a), operandOf(node.b)]
    for (let k = 0; k < Math.max(a.width, b.width); k++) emit(OP[node.kind], dst + k * PLACE, at(a, k), at(b, k))
  }
}

/** A planned program over one memory. */
export function createTapeKernel(tape: ColumnTape, kernels: Kernels, memory: WasmMemory): ColumnKernel {
  const { steps, strides, scalarCount } = tape
  return {
    run: (columns, scalars, outputs, work, mask, begin, end) => {
      const words = new BigUint64Array(memory.buffer)
      const lists = new Uint32Array(memory.buffer)
      kernels.fillPowers(work, BLOCK_ROWS, 0n, 1n)
      for (let i = 0; i < scalarCount; i++) {
        const at = (scalars + i * SCALAR_BYTES) / 8
        // Behind the form for products: the lower half twice, then the upper.
        kernels.fillPowers(work + (1 + i) * PLACE, BLOCK_ROWS, words[at + 4]! | (words[at + 6]! << 32n), 1n)
      }
      for (let row = begin; row < end; row += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, end - row)
        for (let i = 0; i < steps.length; i += STEP_WORDS) {
          const [op, to, a, b] = [steps[i]!, steps[i + 1]!, steps[i + 2]!, steps[i + 3]!]
          if (op === OP.load)
            loadRows({ kernels, mask, stride: strides[a]! }, lists[columns / 4 + a]!, work + to, row + b, count)
          else if (op === OP.store || op === OP.accumulate) {
            const dst = lists[outputs / 4 + to]! + 8 * row
            kernels.addColumns(op === OP.store ? work : dst, work + a, dst, count)
          } else if (op === OP.add) kernels.addColumns(work + a, work + b, work + to, count)
          else if (op === OP.sub) kernels.subColumns(work + a, work + b, work + to, count)
          else if (op === OP.mul) kernels.mulColumns(work + a, work + b, work + to, count)
          else kernels.extMulColumns(work + a, work + b, work + to, PLACE, count)
        }
      }
    },
  }
}

interface ColumnRows {
  readonly kernels: Kernels
  readonly mask: number
  readonly stride: number
}

/** `count` rows of a column from row `first` on, which may lie before its begin or behind its end. */
function loadRows(
  { kernels, mask, stride }: ColumnRows,
  column: Offset,
  dst: Offset,
  first: number,
  count: number,
): void {
  const start = first & mask
  const upper = Math.min(count, mask + 1 - start)
  kernels.copyStrided(column + start * stride, stride, dst, 8, upper)
  if (upper < count) kernels.copyStrided(column, stride, dst + 8 * upper, 8, count - upper)
}
