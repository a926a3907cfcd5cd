/**
 * Column programs as WebAssembly: two rows at a time in SIMD lanes, values in locals, sums lazy.
 *
 * A long program is cut into pieces of a few thousand instructions, each of which loops over a block of rows: so its code
 * stays in the first-level cache, where a loop over the whole program would fetch 200 KB for every two rows. A value that a
 * later piece needs goes through a work area in memory. V8's compile time, too, grows faster than a function's length.
 */
import { canonical, type Lazy } from '../kernels/lazy.ts'
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  type Local,
  ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { type ColumnNode, type ColumnProgram, extensionNodes, type NodeId, operandsOf } from './column-program.ts'
import { LaneValue } from './lane-value.ts'
import { schedule } from './schedule.ts'

/** Bytes of a prepared scalar: multiplier (two vectors), lazy halves (two vectors). */
export const SCALAR_BYTES = 64
/** Bytes of a value in the work area, one coordinate. */
const SLOT_BYTES = 16
/** Bytes of a lazy coordinate, at the start of the work area; see `LaneValue.fence`. */
const FENCE_BYTES = 32
/** Cost of a piece: a product counts 1, everything else a fraction. */
const PIECE_COST = 60
/** Rows that a piece computes at a time: enough to pay for fetching its code, few enough that their values stay in cache. */
const BLOCK_ROWS = 64
const PARAMETERS = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const
type PieceFunction = FunctionBuilder<typeof PARAMETERS>

/** The module, and the size of the work area that each running instance of it wants. */
export interface CompiledColumns {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly workBytes: number
}

/** One coordinate of a value, or three. */
type Value = readonly LaneValue[]

interface Piece {
  readonly nodes: readonly NodeId[]
  readonly outputs: readonly number[]
}

/**
 * Generates a module with import `env.memory` (shared) and export
 * `run(columns, scalars, outputs, work, mask, begin, end)`; see `ColumnKernel` in `column-kernel.ts`.
 * @throws {RangeError} when an operand does not come before its user.
 */
export function compileColumns(program: ColumnProgram): CompiledColumns {
  for (const [id, node] of program.nodes.entries()) {
    for (const operand of operandsOf(node)) {
      if (!(operand >= 0 && operand < id))
        throw new RangeError(`node ${id}: expected operands before it, got ${operand}`)
    }
  }
  const isExt = extensionNodes(program)
  const pieces = cutIntoPieces(program, isExt)
  const { slots, pairBytes } = slotsOf(program, pieces, isExt)
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minPages: 1, maxPages: 65536, shared: true })
  const functions = pieces.map((piece) => emitPiece(module, { program, isExt, slots, pairBytes, piece }))
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'run')
  const [columns, scalars, outputs, work, mask, begin, end] = f.params
  const row = f.local('i32')
  f.for(row, begin, end, BLOCK_ROWS, () => {
    const next = f.let(i32.add(row, i32.const(BLOCK_ROWS)))
    const last = f.let(select(i32.lt_u(next, end), next, end))
    for (const piece of functions) f.emit(call(piece, columns, scalars, outputs, work, mask, row, last))
  })
  return { bytes: module.toBytes(), workBytes: 3 * FENCE_BYTES + (pairBytes * BLOCK_ROWS) / 2 }
}

function isLeaf(node: ColumnNode): boolean {
  return operandsOf(node).length === 0
}

function costOf(node: ColumnNode, isExt: readonly boolean[]): number {
  if (node.kind === 'mul') return (isExt[node.a]! ? 3 : 1) * (isExt[node.b]! ? 3 : 1)
  return 'a' in node ? 0.2 : 0
}

/** Runs of nodes that outputs need; leaves belong to every piece that uses them. An output follows its node. */
function cutIntoPieces(program: ColumnProgram, isExt: readonly boolean[]): Piece[] {
  const { nodes, outputs } = program
  const pieces: { nodes: NodeId[]; outputs: number[] }[] = []
  let cost = Number.POSITIVE_INFINITY
  for (const id of schedule(program)) {
    const node = nodes[id]!
    const stored = outputs.flatMap((output, k) => (output.node === id ? [k] : []))
    if (isLeaf(node) && stored.length === 0) continue
    if (cost > PIECE_COST) {
      pieces.push({ nodes: [], outputs: [] })
      cost = 0
    }
    const piece = pieces[pieces.length - 1]!
    piece.nodes.push(id)
    piece.outputs.push(...stored)
    cost += costOf(node, isExt)
  }
  return pieces
}

/** Places in the work area of the values that pass from one piece to a later one; a place is used again when free. */
function slotsOf({ nodes }: ColumnProgram, pieces: readonly Piece[], isExt: readonly boolean[]) {
  const madeIn = new Map<NodeId, number>()
  const lastUse = new Map<NodeId, number>()
  for (const [p, piece] of pieces.entries()) {
    for (const id of piece.nodes) {
      madeIn.set(id, p)
      for (const operand of operandsOf(nodes[id]!)) if (!isLeaf(nodes[operand]!)) lastUse.set(operand, p)
    }
  }
  const slots = new Map<NodeId, number>()
  const free: Record<'base' | 'ext', number[]> = { base: [], ext: [] }
  let pairBytes = 0
  for (const [p, piece] of pieces.entries()) {
    for (const id of piece.nodes) {
      if ((lastUse.get(id) ?? p) <= p) continue
      const coordinates = isExt[id]! ? 3 : 1
      const known = free[isExt[id]! ? 'ext' : 'base'].pop()
      slots.set(id, known ?? pairBytes)
      if (known === undefined) pairBytes += coordinates * SLOT_BYTES
    }
    for (const [id, slot] of slots) if (lastUse.get(id) === p) free[isExt[id]! ? 'ext' : 'base'].push(slot)
  }
  return { slots, pairBytes }
}

interface PieceContext {
  readonly program: ColumnProgram
  readonly isExt: readonly boolean[]
  readonly slots: ReadonlyMap<NodeId, number>
  readonly pairBytes: number
  readonly piece: Piece
}

/** Emits `(columns, scalars, outputs, work, mask, begin, end)`: the nodes of one piece for a block of rows. */
function emitPiece(module: ModuleBuilder, context: PieceContext): FunctionRef {
  const f = module.function({ params: PARAMETERS })
  const [, , , work, , begin, end] = f.params
  const slots = f.let(i32.add(work, i32.const(3 * FENCE_BYTES)))
  f.for(begin, begin, end, 2, () => {
    emitRowPair(f, context, slots)
    if (context.pairBytes > 0) f.set(slots, i32.add(slots, i32.const(context.pairBytes)))
  })
  return f
}

/** Emits the nodes of one piece for the rows row and row + 1; `places` is where their work area begins. */
function emitRowPair(f: PieceFunction, { program, isExt, slots, piece }: PieceContext, places: Local): void {
  const [, scalars, outputs, work, , row] = f.params
  const values = new Map<NodeId, Value>()
  const leaves = createLeafReader(f, program)
  const own = new Set(piece.nodes)
  const coordinates = (id: NodeId): number[] => (isExt[id]! ? [0, 1, 2] : [0])
  const laneValues = (id: NodeId): Value => {
    const known = values.get(id)
    if (known !== undefined) return known
    const node = program.nodes[id]!
    const value =
      !isLeaf(node) && !own.has(id)
        ? coordinates(id).map((k) => LaneValue.packed(f, v128.load(places, slots.get(id)! + SLOT_BYTES * k)))
        : emitNode(f, node, { laneValues, scalars, leaf: leaves })
    if (!isLeaf(node) && own.has(id)) for (const [k, lane] of value.entries()) lane.fence(work, FENCE_BYTES * k)
    values.set(id, value)
    return value
  }
  const addresses = outputAddresses(program, isExt)
  for (const id of piece.nodes) {
    const value = laneValues(id)
    const slot = slots.get(id)
    if (slot === undefined) continue
    for (const [k, lane] of value.entries()) f.emit(v128.store(places, lane.packed(), slot + SLOT_BYTES * k))
  }
  const rowBytes = f.let(i32.shl(row, i32.const(3)))
  for (const output of piece.outputs) {
    const { node, accumulate } = program.outputs[output]!
    for (const [k, lane] of laneValues(node).entries()) {
      const at = f.let(i32.add(i32.load(outputs, 4 * (addresses[output]! + k)), rowBytes))
      const sum = accumulate ? LaneValue.sum(lane, LaneValue.packed(f, v128.load(at))) : lane
      f.emit(v128.store(at, canonical(f, sum.packed())))
    }
  }
}

/** Place of each output's first coordinate in the table of addresses. */
function outputAddresses({ outputs }: ColumnProgram, isExt: readonly boolean[]): number[] {
  let next = 0
  return outputs.map(({ node }) => {
    const first = next
    next += isExt[node]! ? 3 : 1
    return first
  })
}

/** Reads two rows of a column; the byte offsets of the rows are computed once for each row offset and stride. */
function createLeafReader(
  f: PieceFunction,
  { strides }: ColumnProgram,
): (column: number, offset: number) => Expression {
  const [columns, , , , mask, row] = f.params
  const places = new Map<string, readonly [Local, Local]>()
  const rowsAt = (offset: number, stride: number): readonly [Local, Local] => {
    const key = `${offset}:${stride}`
    const known = places.get(key)
    if (known !== undefined) return known
    const place = (k: number): Local =>
      f.let(i32.mul(i32.and(i32.add(row, i32.const(offset + k)), mask), i32.const(stride)))
    const made = [place(0), place(1)] as const
    places.set(key, made)
    return made
  }
  return (column, offset) => {
    const [row0, row1] = rowsAt(offset, strides[column]!)
    const base = f.let(i32.load(columns, 4 * column))
    return v128.load64_lane(i32.add(base, row1), v128.load64_zero(i32.add(base, row0)), 1)
  }
}

interface NodeContext {
  readonly laneValues: (id: NodeId) => Value
  readonly scalars: Expression
  readonly leaf: (column: number, offset: number) => Expression
}

function emitNode(f: FunctionBuilder, node: ColumnNode, { laneValues, scalars, leaf }: NodeContext): Value {
  const scalar = (place: number): LaneValue => {
    const at = SCALAR_BYTES * place
    const form = { straight: v128.load(scalars, at), crossed: v128.load(scalars, at + 16) }
    const halves: Lazy = { lo: v128.load(scalars, at + 32), hi: v128.load(scalars, at + 48) }
    return LaneValue.scalar(f, form, halves)
  }
  switch (node.kind) {
    case 'column':
      return [LaneValue.packed(f, leaf(node.column, node.offset))]
    case 'extColumn':
      return [0, 1, 2].map((k) => LaneValue.packed(f, leaf(node.column + k, node.offset)))
    case 'scalar':
      return [scalar(node.scalar)]
    case 'extScalar':
      return [0, 1, 2].map((k) => scalar(node.scalar + k))
    case 'neg':
      return laneValues(node.a).map((a) => LaneValue.negation(a))
    case 'mul':
      return multiply(laneValues(node.a), laneValues(node.b))
    default:
      return combine(node.kind === 'add', laneValues(node.a), laneValues(node.b))
  }
}

function combine(isSum: boolean, a: Value, b: Value): Value {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => {
    const [x, y] = [a[k], b[k]]
    if (y === undefined) return x!
    if (x === undefined) return isSum ? y : LaneValue.negation(y)
    return isSum ? LaneValue.sum(x, y) : LaneValue.difference(x, y)
  })
}

/** Product by schoolbook; x^3 = x + 1 and x^4 = x^2 + x put the upper coefficients back. */
function multiply(a: Value, b: Value): Value {
  const c: (LaneValue | undefined)[] = [undefined, undefined, undefined, undefined, undefined]
  const addTo = (k: number, value: LaneValue): void => {
    const before = c[k]
    c[k] = before === undefined ? value : LaneValue.sum(before, value)
  }
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) addTo(i + j, LaneValue.product(x, y))
  const [, , , c3, c4] = c
  if (c3 !== undefined) for (const k of [0, 1]) addTo(k, c3)
  if (c4 !== undefined) for (const k of [1, 2]) addTo(k, c4)
  return c.slice(0, Math.max(a.length, b.length)) as LaneValue[]
}
