/**
 * Expressions over columns as tapes. What depends on columns becomes a column program; everything else (sums and products
 * of challenges, constants, air values) is a scalar that is computed before each run. One compiled expression serves every
 * instance of its AIR, in every proof.
 */
import {
  type ExpressionDag,
  type ExprId,
  evaluateDag,
  extractDag,
  isColumn,
  isOperation,
  NODE,
  visitReachable,
} from '@zisk/air'
import { type ColumnNode, type ColumnTape, type Ext, extField, planColumns, tapeBytes, writeTape } from '@zisk/field'
import { type Address, MEMORY_SPAN, type Region } from './arena.ts'
import type { Engine } from './engine.ts'
import { distributeScalars } from './linear-forms.ts'
import type { ProgramJob } from './program-job.ts'

/** A leaf that differs from row to row. */
export interface ColumnLeaf {
  readonly kind: number
  readonly a: number
}

/** What is known of leaves when an expression is compiled. */
export interface LeafTypes {
  readonly isExt: (kind: number, a: number) => boolean
  /** Bytes from row to row of a column. */
  readonly stride: (kind: number, a: number) => number
}

/** Compiled outputs: plain data. */
export interface CompiledExpression {
  readonly tape: ColumnTape
  /** What jobs that run it cost, as nodes that are computed. */
  readonly cost: number
  /** Columns in order; one over the extension stands for three. */
  readonly leaves: readonly (ColumnLeaf & { readonly isExt: boolean })[]
  /** Bytes from row to row of each base column of the leaves. */
  readonly strides: readonly number[]
  /** The row offsets that occur, 0 among them. */
  readonly offsets: { readonly least: number; readonly most: number }
  /** What is the same in all rows, without columns. */
  readonly dag: ExpressionDag
  /** Nodes of it in the order of the scalar table. */
  readonly scalars: readonly { readonly node: ExprId; readonly isExt: boolean }[]
  /** Whether each output is over the extension. */
  readonly outputs: readonly boolean[]
}

/** Where the leaves of an instance lie and what its values are. */
export interface LeafBinding {
  /** Row 0 of a column, one offset for each coordinate. */
  readonly column: (kind: number, a: number) => readonly Address[]
  readonly scalar: (kind: number, a: number, b: number) => Ext
}

/** Where an output goes: planar, `plane` bytes apart, 8 bytes per row. All outputs of a run are in one memory. */
export interface OutputPlace {
  readonly offset: Address
  readonly plane: number
}

/** Compiles outputs of a DAG. */
export function compileExpression(
  source: ExpressionDag,
  sourceOutputs: readonly ExprId[],
  types: LeafTypes,
): CompiledExpression {
  const { dag, outputs } = distributeScalars(source, sourceOutputs, types.isExt)
  const { kinds, a, b } = dag
  const nodes: ColumnNode[] = []
  const nodeOf = new Map<ExprId, number>()
  const isExt = new Map<ExprId, boolean>()
  const isScalar = new Map<ExprId, boolean>()
  const strides: number[] = []
  const rowOffsets = new Set<number>()
  const columnOf = new Map<string, number>()
  const leaves: (ColumnLeaf & { isExt: boolean })[] = []
  const scalars: { node: ExprId; isExt: boolean }[] = []
  let scalarPlaces = 0
  const push = (id: ExprId, node: ColumnNode): number => {
    nodeOf.set(id, nodes.push(node) - 1)
    return nodes.length - 1
  }
  /** The node of an operand; scalars get theirs when they meet a column. */
  const operand = (id: ExprId): number => {
    const known = nodeOf.get(id)
    if (known !== undefined) return known
    const wide = isExt.get(id)!
    const node: ColumnNode = { kind: wide ? 'extScalar' : 'scalar', scalar: scalarPlaces }
    scalars.push({ node: id, isExt: wide })
    scalarPlaces += wide ? 3 : 1
    return push(id, node)
  }
  const column = (kind: number, index: number): number => {
    const key = `${kind}:${index}`
    const known = columnOf.get(key)
    if (known !== undefined) return known
    const first = strides.length
    const wide = types.isExt(kind, index)
    leaves.push({ kind, a: index, isExt: wide })
    for (let k = 0; k < (wide ? 3 : 1); k++) strides.push(types.stride(kind, index))
    columnOf.set(key, first)
    return first
  }
  visitReachable(dag, outputs, (id) => {
    const kind = kinds[id]!
    const [x, y] = [a[id]!, b[id]!]
    if (!isOperation(kind)) {
      isScalar.set(id, !isColumn(kind))
      isExt.set(id, kind !== NODE.constant && types.isExt(kind, x))
      if (!isColumn(kind)) return
      rowOffsets.add(y)
      push(id, { kind: isExt.get(id)! ? 'extColumn' : 'column', column: column(kind, x), offset: y })
      return
    }
    const operands = kind === NODE.neg ? [x] : [x, y]
    isExt.set(
      id,
      operands.some((o) => isExt.get(o)!),
    )
    isScalar.set(
      id,
      operands.every((o) => isScalar.get(o)!),
    )
    if (isScalar.get(id)!) return
    if (kind === NODE.neg) push(id, { kind: 'neg', a: operand(x) })
    else push(id, { kind: kind === NODE.add ? 'add' : kind === NODE.sub ? 'sub' : 'mul', a: operand(x), b: operand(y) })
  })
  const stored = outputs.map(operand)
  const same = extractDag(
    dag,
    scalars.map(({ node }) => node),
  )
  return {
    tape: planColumns({ nodes, strides, outputs: stored }),
    cost: kinds.length,
    leaves,
    strides,
    offsets: { least: Math.min(0, ...rowOffsets), most: Math.max(0, ...rowOffsets) },
    dag: same.dag,
    scalars: scalars.map(({ node, isExt }) => ({ node: same.map(node), isExt })),
    outputs: outputs.map((id) => isExt.get(id)!),
  }
}

/**
 * Runs a compiled expression over all rows. Outputs over the base field leave the upper coordinates alone.
 *
 * @param accumulate Whether the outputs are added to what is there.
 */
export async function runExpression(
  engine: Engine,
  compiled: CompiledExpression,
  binding: LeafBinding,
  rows: number,
  outputs: readonly OutputPlace[],
  accumulate = false,
): Promise<void> {
  const { arena } = engine
  const columns = compiled.leaves.flatMap(({ kind, a }) => binding.column(kind, a))
  const places = compiled.outputs.flatMap((isExt, i) => {
    const { offset, plane } = outputs[i]!
    return isExt ? [offset, offset + plane, offset + 2 * plane] : [offset]
  })
  const home = places[0]
  if (home === undefined) return
  const { workBytes } = compiled.tape
  const tape = arena.reserveNear(home, tapeBytes(compiled.tape))
  const words = scalarWords(compiled, binding.scalar)
  writeTape(arena.bytes(tape.offset, 0).buffer, tape.offset % MEMORY_SPAN, compiled.tape, words)
  const regions: Region[] = [tape]
  const jobs = engine.ranges(rows, 2).map((range): ProgramJob => {
    const work = arena.reserveNear(home, workBytes)
    regions.push(work)
    return {
      kind: 'program',
      cost: compiled.cost,
      columns,
      strides: compiled.strides,
      offsets: compiled.offsets,
      outputs: places,
      tape: tape.offset,
      accumulate,
      work: work.offset,
      rows,
      ...range,
    }
  })
  await engine.runner.run(jobs)
  engine.release(...regions)
}

/** The scalars of a compiled expression, as its tape takes them. */
export function scalarWords({ dag, scalars }: CompiledExpression, scalar: LeafBinding['scalar']): bigint[] {
  if (scalars.length === 0) return []
  const values = evaluateDag(dag, extField, scalar)
  return scalars.flatMap(({ node, isExt }) => (isExt ? [...values[node]!] : [values[node]![0]]))
}
