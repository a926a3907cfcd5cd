/**
 * Evaluates expressions over the base field for every row of an instance, in blocks, by generated WebAssembly.
 *
 * Columns are copied block by block into the kernel's memory with as many rows before and after as the row offsets
 * need; each expression gets an output column there.
 */
import { i32, ModuleBuilder, wasm } from '@zisk/field/wasm'
import { type ExpressionDag, type ExprId, isColumn, isOperation, NODE } from '../model/expression.ts'
import { emitGroup, type KernelLayout, leafKey } from './base-field-codegen.ts'
import { interpretRows } from './interpreted-kernel.ts'
import { type OutputGroup, partitionOutputs } from './partition.ts'

/** Where a kernel finds columns and values. */
export interface RowSource {
  readonly rows: number
  /** Column of a leaf of kind witness, fixed or custom. */
  readonly column: (kind: number, index: number) => BigUint64Array
  /** Value of any other leaf but a constant. */
  readonly value: (kind: number, a: number, b: number) => bigint
}

/** Compiled expressions. One kernel serves all instances of an AIR; it is not re-entrant. */
export interface RowKernel {
  /** Most rows of one call of `run`. */
  readonly blockRows: number
  /** Evaluates the rows `first .. first + count`; the outputs stay valid until the next call. */
  readonly run: (source: RowSource, first: number, count: number) => void
  /** Canonical values of an output for the rows of the last run, as (low, high) pairs of 32-bit words. */
  readonly output: (position: number) => Uint32Array
}

const PAGE_BYTES = 65_536
const WORD_BYTES = 8
/** Memory that a kernel aims at: larger blocks amortise calls, smaller ones stay in cache. */
const TARGET_WORDS = 1 << 20
const MAX_BLOCK_ROWS = 4096
const MIN_BLOCK_ROWS = 64
/**
 * Nodes per generated function, where the outputs allow a cut, by preference: short functions keep their locals in
 * registers, long ones compute shared nodes once.
 */
const GROUP_NODES = [64, 256, 1500]
/** Work that shorter functions may add by computing shared nodes several times. */
const MAX_REPETITION = 1.25
/** Longest function: engines refuse bodies of some megabytes and optimise long ones badly. */
const MAX_FUNCTION_NODES = 20_000

/**
 * Compiles expressions to a kernel. Every leaf they reach must lie in the base field.
 */
export function compileRowKernel(dag: ExpressionDag, outputs: readonly ExprId[]): RowKernel {
  const groups = chooseGroups(dag, outputs)
  if (groups.some(({ nodes }) => nodes.length > MAX_FUNCTION_NODES)) return interpretRows(dag, outputs)
  const leaves = new Map<string, { readonly kind: number; readonly a: number; readonly b: number }>()
  let before = 0
  let after = 0
  for (const id of new Set(groups.flatMap((group) => group.nodes))) {
    const kind = dag.kinds[id]!
    if (isOperation(kind) || kind === NODE.constant) continue
    const leaf = { kind, a: dag.a[id]!, b: dag.b[id]! }
    leaves.set(leafKey(leaf.kind, leaf.a, leaf.b), leaf)
    if (isColumn(kind)) {
      before = Math.max(before, -leaf.b)
      after = Math.max(after, leaf.b)
    }
  }
  const columns = [...leaves].filter(([, leaf]) => isColumn(leaf.kind))
  const values = [...leaves].filter(([, leaf]) => !isColumn(leaf.kind))
  const wide = columns.length + outputs.length + 1
  const blockRows = Math.min(MAX_BLOCK_ROWS, Math.max(MIN_BLOCK_ROWS, 2 ** Math.floor(Math.log2(TARGET_WORDS / wide))))
  const stride = (before + blockRows + after) * WORD_BYTES
  const columnBase = values.length * WORD_BYTES
  const outputBase = columnBase + columns.length * stride
  const size = outputBase + outputs.length * blockRows * WORD_BYTES
  const layout: KernelLayout = {
    before,
    address: new Map([
      ...values.map(([key], i) => [key, i * WORD_BYTES] as const),
      ...columns.map(([key], i) => [key, columnBase + i * stride] as const),
    ]),
    output: (position) => outputBase + position * blockRows * WORD_BYTES,
  }
  const pages = Math.ceil(size / PAGE_BYTES)
  const memory = new wasm.Memory({ initial: pages, maximum: pages })
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minPages: pages, maxPages: pages, shared: false })
  for (const [g, group] of groups.entries()) {
    const f = module.function({ params: ['i32'] }, `group${g}`)
    const row = f.local('i32')
    const zero = f.local('i32')
    const end = f.let(i32.mul(f.params[0], i32.const(WORD_BYTES)))
    f.for(row, i32.const(0), end, WORD_BYTES, () => emitGroup({ f, row, zero, dag, group, outputs, layout }))
  }
  const instance = new wasm.Instance(new wasm.Module(module.toBytes()), { env: { memory } })
  const functions = groups.map((_, g) => instance.exports[`group${g}`] as (rows: number) => void)
  const words = new BigUint64Array(memory.buffer)
  const halves = new Uint32Array(memory.buffer)
  return {
    blockRows,
    run: (source, first, count) => {
      for (const [i, [, leaf]] of values.entries()) words[i] = source.value(leaf.kind, leaf.a, leaf.b)
      for (const [i, [, leaf]] of columns.entries()) {
        const column = source.column(leaf.kind, leaf.a)
        copyCyclic(column, first - before, words, (columnBase + i * stride) / WORD_BYTES, before + count + after)
      }
      for (const f of functions) f(count)
    },
    output: (position) => halves.subarray(layout.output(position) / 4, layout.output(position) / 4 + 2 * blockRows),
  }
}

/** The shortest functions that repeat little of each other's work. */
function chooseGroups(dag: ExpressionDag, outputs: readonly ExprId[]): readonly OutputGroup[] {
  let groups: readonly OutputGroup[] = []
  for (const maxNodes of GROUP_NODES) {
    groups = partitionOutputs(dag, outputs, maxNodes)
    const computed = groups.flatMap(({ nodes }) => nodes.filter((id) => isOperation(dag.kinds[id]!)))
    if (computed.length <= MAX_REPETITION * new Set(computed).size) break
  }
  return groups
}

/** Copies `count` values of a column that repeats in both directions. */
function copyCyclic(column: BigUint64Array, first: number, target: BigUint64Array, at: number, count: number): void {
  const rows = column.length
  let start = ((first % rows) + rows) % rows
  let position = at
  for (let left = count; left > 0; ) {
    const length = Math.min(left, rows - start)
    target.set(column.subarray(start, start + length), position)
    position += length
    left -= length
    start = 0
  }
}
