/**
 * Expressions over columns as a tape of whole-block kernel calls. A block of rows is small enough for its values to stay
 * in cache; each instruction is one or a few kernel calls on it. Values are base columns or planar extension columns.
 */
import { type ExpressionDag, type ExprId, evaluateDag, isColumn, isOperation, NODE, visitReachable } from '@zisk/air'
import { type Ext, extField, type Kernels, type Offset } from '@zisk/field'

/** Rows of a block. */
export const BLOCK_ROWS = 512
const COLUMN_BYTES = 8 * BLOCK_ROWS

/** Operations; the operands are byte offsets of slots in the work space. */
export const OP = {
  /** Gathers leaf `a` at row offset `b`. */
  loadBase: 0,
  loadExt: 1,
  addBase: 2,
  subBase: 3,
  mulBase: 4,
  addExt: 5,
  subExt: 6,
  mulExt: 7,
  /** Extension column by base column. */
  mulMixed: 8,
  addMixed: 9,
  /** Extension minus base. */
  subMixed: 10,
  /** Base minus extension. */
  subFrom: 11,
} as const

/** A compiled program: plain data that can be sent to workers. */
export interface ColumnProgram {
  /** Four numbers per instruction: operation, destination slot, operands. */
  readonly tape: Int32Array
  /** Scalar slots to fill before the first block, with their values (one or three words). */
  readonly scalars: readonly { readonly slot: number; readonly value: readonly bigint[] }[]
  /** Slots that hold the outputs after a block; all over the extension unless `isBase`. */
  readonly outputs: readonly { readonly slot: number; readonly isBase: boolean }[]
  readonly workBytes: number
}

/** How leaves are found. */
export interface ProgramLeaves {
  /** Position and kind of a column leaf; row offsets are kept apart. */
  readonly column: (kind: number, a: number) => { readonly leaf: number; readonly isBase: boolean }
  /** Value of a leaf that is the same in all rows. */
  readonly scalar: (kind: number, a: number, b: number) => Ext
}

/** Where a leaf column lies: coordinate k of row i is the word at `coordinates[k] + i * stride`. */
export interface LeafPlace {
  readonly coordinates: readonly Offset[]
  readonly stride: number
}

/** Compiles outputs of a DAG. */
export function compileColumnProgram(
  dag: ExpressionDag,
  outputs: readonly ExprId[],
  leaves: ProgramLeaves,
): ColumnProgram {
  const { kinds, a, b } = dag
  const order: ExprId[] = []
  visitReachable(dag, outputs, (id) => order.push(id))
  const isScalar = new Uint8Array(kinds.length)
  for (const id of order) {
    const kind = kinds[id]!
    if (!isOperation(kind)) isScalar[id] = isColumn(kind) ? 0 : 1
    else isScalar[id] = isScalar[a[id]!]! & (kind === NODE.neg ? 1 : isScalar[b[id]!]!)
  }
  const reached = new Set(order)
  const values = evaluateDag(dag, extField, (kind, x, y) =>
    isColumn(kind) ? extField.zero : leaves.scalar(kind, x, y),
  )
  const lastUse = new Map<ExprId, number>()
  for (const [at, id] of order.entries())
    if (isOperation(kinds[id]!) && isScalar[id] === 0)
      for (const operand of operandsOf(dag, id)) lastUse.set(operand, at)
  for (const output of outputs) lastUse.set(output, order.length)
  const slots = new SlotAllocator()
  const place = new Map<ExprId, { readonly slot: number; readonly isBase: boolean }>()
  const scalars: { slot: number; value: readonly bigint[] }[] = []
  const scalarPlace = (id: ExprId) => {
    const known = place.get(id)
    if (known !== undefined) return known
    const value = values[id]!
    const isBase = value[1] === 0n && value[2] === 0n
    const made = { slot: slots.fresh(isBase), isBase }
    scalars.push({ slot: made.slot, value: isBase ? [value[0]] : value })
    place.set(id, made)
    return made
  }
  let zero: number | undefined
  const zeroSlot = (): number => {
    if (zero === undefined) {
      zero = slots.fresh(false)
      scalars.push({ slot: zero, value: [0n, 0n, 0n] })
    }
    return zero
  }
  const tape: number[] = []
  const target = (isBase: boolean) => ({ slot: slots.take(isBase), isBase })
  for (const [at, id] of order.entries()) {
    if (isScalar[id] === 1 || !reached.has(id)) continue
    const kind = kinds[id]!
    if (isColumn(kind)) {
      const { leaf, isBase } = leaves.column(kind, a[id]!)
      const to = target(isBase)
      tape.push(isBase ? OP.loadBase : OP.loadExt, to.slot, leaf, b[id]!)
      place.set(id, to)
      continue
    }
    const operands = operandsOf(dag, id).map((operand) =>
      isScalar[operand] === 1 ? scalarPlace(operand) : place.get(operand)!,
    )
    const isNegation = kind === NODE.neg
    const y = operands[isNegation ? 0 : 1]!
    const x = isNegation ? { slot: zeroSlot(), isBase: y.isBase } : operands[0]!
    const to = target(x.isBase && y.isBase)
    tape.push(...instruction(isNegation ? NODE.sub : kind, to.slot, x, y))
    place.set(id, to)
    for (const operand of new Set(operandsOf(dag, id)))
      if (isScalar[operand] === 0 && lastUse.get(operand) === at) slots.give(place.get(operand)!)
  }
  return {
    tape: Int32Array.from(tape),
    scalars,
    outputs: outputs.map((id) => (isScalar[id] === 1 ? scalarPlace(id) : place.get(id)!)),
    workBytes: slots.bytes,
  }
}

interface Slot {
  readonly slot: number
  readonly isBase: boolean
}

function instruction(kind: number, to: number, x: Slot, y: Slot): number[] {
  if (x.isBase && y.isBase)
    return [kind === NODE.add ? OP.addBase : kind === NODE.sub ? OP.subBase : OP.mulBase, to, x.slot, y.slot]
  if (!x.isBase && !y.isBase)
    return [kind === NODE.add ? OP.addExt : kind === NODE.sub ? OP.subExt : OP.mulExt, to, x.slot, y.slot]
  const [ext, base] = x.isBase ? [y, x] : [x, y]
  if (kind === NODE.mul) return [OP.mulMixed, to, ext.slot, base.slot]
  if (kind === NODE.add) return [OP.addMixed, to, ext.slot, base.slot]
  return x.isBase ? [OP.subFrom, to, x.slot, y.slot] : [OP.subMixed, to, ext.slot, base.slot]
}

function operandsOf({ kinds, a, b }: ExpressionDag, id: ExprId): ExprId[] {
  return kinds[id] === NODE.neg ? [a[id]!] : [a[id]!, b[id]!]
}

/** Slots of one or three columns in the work space. */
class SlotAllocator {
  bytes = 0
  readonly #free: Record<'base' | 'ext', number[]> = { base: [], ext: [] }

  take(isBase: boolean): number {
    const known = this.#free[isBase ? 'base' : 'ext'].pop()
    return known ?? this.fresh(isBase)
  }

  /** A slot that no other value had before: scalars are written once, ahead of all blocks. */
  fresh(isBase: boolean): number {
    const slot = this.bytes
    this.bytes += isBase ? COLUMN_BYTES : 3 * COLUMN_BYTES
    return slot
  }

  give({ slot, isBase }: Slot): void {
    this.#free[isBase ? 'base' : 'ext'].push(slot)
  }
}

/** Fills the scalar slots; once per work space and program. */
export function fillScalars(kernels: Kernels, program: ColumnProgram, work: Offset): void {
  for (const { slot, value } of program.scalars)
    for (const [k, word] of value.entries()) kernels.fillPowers(work + slot + k * COLUMN_BYTES, BLOCK_ROWS, word, 1n)
}

/**
 * Runs a program on the rows first .. first + BLOCK_ROWS (or all rows when there are fewer); leaves wrap around.
 *
 * @param rows Number of rows of every leaf, a power of two.
 */
export function runBlock(
  kernels: Kernels,
  { tape }: ColumnProgram,
  leaves: readonly LeafPlace[],
  work: Offset,
  rows: number,
  first: number,
): void {
  const count = Math.min(BLOCK_ROWS, rows)
  for (let at = 0; at < tape.length; at += 4) {
    const to = work + tape[at + 1]!
    const x = tape[at + 2]!
    const y = tape[at + 3]!
    switch (tape[at]) {
      case OP.loadBase:
        gather(kernels, leaves[x]!, 0, rows, first + y, to, count)
        break
      case OP.loadExt:
        for (let k = 0; k < 3; k++) gather(kernels, leaves[x]!, k, rows, first + y, to + k * COLUMN_BYTES, count)
        break
      case OP.addBase:
        kernels.addColumns(work + x, work + y, to, count)
        break
      case OP.subBase:
        kernels.subColumns(work + x, work + y, to, count)
        break
      case OP.mulBase:
        kernels.mulColumns(work + x, work + y, to, count)
        break
      case OP.addExt:
        kernels.addColumns(work + x, work + y, to, 3 * BLOCK_ROWS)
        break
      case OP.subExt:
        kernels.subColumns(work + x, work + y, to, 3 * BLOCK_ROWS)
        break
      case OP.mulExt:
        kernels.extMulColumns(work + x, work + y, to, COLUMN_BYTES, count)
        break
      case OP.mulMixed:
        for (let k = 0; k < 3 * COLUMN_BYTES; k += COLUMN_BYTES)
          kernels.mulColumns(work + x + k, work + y, to + k, count)
        break
      case OP.addMixed:
        kernels.addColumns(work + x, work + y, to, count)
        kernels.copyStrided(work + x + COLUMN_BYTES, 8, to + COLUMN_BYTES, 8, 2 * BLOCK_ROWS)
        break
      case OP.subMixed:
        kernels.subColumns(work + x, work + y, to, count)
        kernels.copyStrided(work + x + COLUMN_BYTES, 8, to + COLUMN_BYTES, 8, 2 * BLOCK_ROWS)
        break
      default:
        subFrom(kernels, work + x, work + y, to, count)
    }
  }
}

/** Base minus extension: the upper coordinates change sign. */
function subFrom(kernels: Kernels, x: Offset, y: Offset, to: Offset, count: number): void {
  kernels.subColumns(x, y, to, count)
  const upper = to + COLUMN_BYTES
  kernels.fillPowers(upper, 2 * BLOCK_ROWS, 0n, 1n)
  kernels.subColumns(upper, y + COLUMN_BYTES, upper, 2 * BLOCK_ROWS)
}

function gather(
  kernels: Kernels,
  { coordinates, stride }: LeafPlace,
  k: number,
  rows: number,
  first: number,
  to: Offset,
  count: number,
): void {
  const at = coordinates[k]!
  const start = ((first % rows) + rows) % rows
  const head = Math.min(count, rows - start)
  kernels.copyStrided(at + start * stride, stride, to, 8, head)
  if (head < count) kernels.copyStrided(at, stride, to + 8 * head, 8, count - head)
}
