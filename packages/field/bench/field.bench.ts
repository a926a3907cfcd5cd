/**
 * Times every kernel: least processor time of several runs, nanoseconds per element, and the ratio to a plain scalar WebAssembly loop
 * of the same run (a field product, or a BLAKE3 compression for the hash).
 *
 * Usage: node --conditions=zisk-source --import tsx packages/field/bench/field.bench.ts [--json] [--quick]
 */
import { parseArgs } from 'node:util'
import { runColumns, tapeBytes, writeTape } from '../src/columns/column-kernel.ts'
import type { ColumnNode, ColumnProgram } from '../src/columns/column-program.ts'
import { planColumns } from '../src/columns/column-tape.ts'
import { BLAKE3_NODE } from '../src/kernels/blake3.ts'
import { columnWeightsBytes, writeColumnWeights } from '../src/kernels/column-weights.ts'
import { kernelModuleBytes } from '../src/kernels/module.ts'
import { createNttPlan, nttTableBytes, runNtt } from '../src/kernels/ntt-plan.ts'
import { createRandomWords } from '../src/testing.ts'
import { createKernelMemory } from '../src/testing-memory.ts'
import { createYardstick } from './yardstick.ts'

interface Measurement {
  readonly id: string
  readonly unit: string
  readonly ns: number
  /** ns / ns of the scalar loop. */
  readonly ratio: number
  readonly scalar: 'mul' | 'blake3'
}

/**
 * Nanoseconds that the design promises on the machine of its estimates, by what an id begins with. On another machine
 * the ratio to the scalar loop carries over.
 */
const PROMISED: Readonly<Record<string, number>> = {
  'coset NTT': 17,
  'inverse NTT': 17,
  BLAKE3: 45,
  'Poseidon2 W16': 3800,
  'DEEP base x ext MAC': 4.5,
}

const { values: flags } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const runs = flags.quick === true ? 3 : 9
const minimumMs = flags.quick === true ? 50 : 400
const logN = flags.quick === true ? 16 : 20
const N = 2 ** logN

const stage = createKernelMemory((150 << 20) + N * 64)
const { kernels } = stage
const yardstick = createYardstick(stage.memory)

const panel = stage.allocate(N * 64)
const next = createRandomWords(1n)
for (let i = 0; i < N * 8; i += 8) stage.words.fill(next(), panel / 8 + i, panel / 8 + i + 8)
const tables = stage.allocate(nttTableBytes(logN))

/** Words of a block that stays in the first-level cache. */
const L1_WORDS = 1024
/** Elements of a block that stays in the second-level cache. */
const L2 = 8192
const columns = stage.allocate(32 * L2 * 8)
for (let i = 0; i < 32 * L2; i++) stage.words[columns / 8 + i] = next() | 1n
const column = (i: number): number => columns + i * L2 * 8
const PLANE = L2 * 8

/**
 * Least processor time of several runs, so that other processes on the machine disturb little. Short kernels run often
 * enough for V8 to put optimised code in place.
 */
function best(count: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY
  const begin = performance.now()
  for (let i = 0; i < runs || performance.now() - begin < minimumMs; i++) {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, user + system)
  }
  return (least * 1e3) / count
}

const repeat = (times: number, run: () => void) => () => {
  for (let i = 0; i < times; i++) run()
}

const [a, b, c] = [column(0), column(1), column(2)]
const scalar = {
  mul: best(
    L1_WORDS * 64,
    repeat(64, () => yardstick.mulLoop(a, b, c, L1_WORDS)),
  ),
  blake3: best(L2, () => yardstick.blake3Loop(panel, c, L2)),
}
const results: Measurement[] = []
function measure(id: string, unit: string, count: number, run: () => void, against: 'mul' | 'blake3' = 'mul'): void {
  const ns = best(count, run)
  results.push({ id, unit, ns, ratio: ns / scalar[against], scalar: against })
}

measure(
  'add',
  'word',
  L1_WORDS * 64,
  repeat(64, () => kernels.addColumns(a, b, c, L1_WORDS)),
)
measure(
  'mul',
  'word',
  L1_WORDS * 64,
  repeat(64, () => kernels.mulColumns(a, b, c, L1_WORDS)),
)
measure('inverse', 'word', L2, () => kernels.inverseColumn(a, c, L2))
measure('prefix sums', 'word', L2, () => kernels.prefixSums(a, c, 0n, L2))
measure('extension mul', 'element', L2, () => kernels.extMulColumns(column(0), column(3), column(6), PLANE, L2))
measure('extension inverse', 'element', L2, () => kernels.extInverseColumn(column(0), column(3), PLANE, column(9), L2))
const challenge = stage.put([next(), next(), next()])
measure('FRI fold by 2', 'element in', L2, () =>
  kernels.friFold(column(0), column(0) + PLANE / 2, column(3), column(9), PLANE, challenge, L2 / 2),
)

measure('add scaled column', 'element', L2, () => kernels.extAccumulate(column(9), column(3), PLANE, challenge, L2))

const vectors = 16
const panelRows = 256
const list = stage.allocate(4 * 32)
const offsets = new Uint32Array(stage.bytes.buffer)
for (let v = 0; v < vectors; v++) offsets[list / 4 + v] = panel + (v >> 2) * panelRows * 64 + 16 * (v % 4)
for (let p = 0; p < 8; p++) offsets[list / 4 + 16 + p] = column(p)
measure('columns to panel', 'word', L2 * 8, () => kernels.columnsToPanel(list + 64, 8, panel, 0, L2))
const weights = stage.allocate(columnWeightsBytes(vectors))
writeColumnWeights(
  stage.bytes.buffer,
  weights,
  vectors,
  Array.from({ length: 2 * vectors }, () => [next(), next(), next()] as const),
)
measure(
  'DEEP base x ext MAC, 32 columns',
  'cell',
  panelRows * 2 * vectors * 16,
  repeat(16, () => kernels.combineColumns(list, vectors, weights, column(0), PLANE, 0, panelRows)),
)
measure('openings of a panel', 'cell', L2 * 8, () => kernels.evaluatePanel(panel, column(0), PLANE, column(9), 15, L2))

const constraints = 60
const constraintRows = 4096
const program = createConstraintProgram(constraints)
const planned = planColumns(program)
const columnTable = stage.allocate(4 * constraints)
for (let i = 0; i < constraints; i++) {
  offsets[columnTable / 4 + i] = panel + (i >> 3) * constraintRows * 64 + 8 * (i & 7)
}
const tape = stage.allocate(tapeBytes(planned))
writeTape(
  stage.bytes.buffer,
  tape,
  planned,
  Array.from({ length: 3 * constraints }, () => next() >> 1n),
)
const sums = stage.allocate(16)
for (let k = 0; k < 3; k++) offsets[sums / 4 + k] = column(k)
const constraintWork = stage.allocate(planned.workBytes)
measure(`constraint a b - c, ${constraints} in one program`, 'constraint', constraints * constraintRows, () =>
  runColumns(kernels, stage.memory, {
    tape,
    columns: columnTable,
    outputs: sums,
    work: constraintWork,
    accumulate: false,
    mask: constraintRows - 1,
    begin: 0,
    end: constraintRows,
  }),
)

measure('twiddle table', 'row', N, () => createNttPlan(kernels, { direction: 'forward', logN, tables, shift: 7n }))
const forward = createNttPlan(kernels, { direction: 'forward', logN, tables, shift: 7n })
measure(`coset NTT 2^${logN} x 8`, 'element', N * 8, () => runNtt(kernels, forward, panel, panel))
const inverse = createNttPlan(kernels, { direction: 'inverse', logN, tables })
measure(`inverse NTT 2^${logN} x 8`, 'element', N * 8, () => runNtt(kernels, inverse, panel, panel))

const rows = N / 16
const digests = stage.allocate(rows * 32)
for (let p = 0; p < 16; p++) offsets[list / 4 + p] = panel + p * rows * 64
const hashLeaves = (blocks: number) => () =>
  kernels.blake3Chunks(list, blocks, 64, digests, 0, 1, 2 | 8, 64, 0, 0, rows)
measure('BLAKE3 leaves of 64 B', 'compression', rows, hashLeaves(1), 'blake3')
measure('BLAKE3 leaves of 832 B', 'compression', rows * 13, hashLeaves(13), 'blake3')
measure(
  'BLAKE3 nodes',
  'compression',
  rows,
  () => kernels.blake3Pairs(panel, panel + 32, 64, digests, BLAKE3_NODE, 0, rows),
  'blake3',
)
for (const width of [8, 12, 16] as const) {
  measure(`Poseidon2 W${width}`, 'permutation', 512, () => kernels[`poseidon2Permute${width}`](panel, 512))
}

/** Sum over k of lambda_k (a b - c) on three neighbouring columns of panels. */
function createConstraintProgram(count: number): ColumnProgram {
  const nodes: ColumnNode[] = Array.from({ length: count }, (_, column) => ({ kind: 'column', column, offset: 0 }))
  let sum: number | undefined
  for (let k = 0; k < count; k++) {
    const product = nodes.push({ kind: 'mul', a: k, b: (k + 1) % count }) - 1
    const difference = nodes.push({ kind: 'sub', a: product, b: (k + 2) % count }) - 1
    const lambda = nodes.push({ kind: 'extScalar', scalar: 3 * k }) - 1
    const term = nodes.push({ kind: 'mul', a: difference, b: lambda }) - 1
    sum = sum === undefined ? term : nodes.push({ kind: 'add', a: sum, b: term }) - 1
  }
  return { nodes, strides: Array<number>(count).fill(64), outputs: [sum!] }
}

const generation = best(1e6, () => kernelModuleBytes())
if (flags.json === true) {
  process.stdout.write(
    `${JSON.stringify({ node: process.version, arch: process.arch, scalarNs: scalar, generationMs: generation, results }, null, 2)}\n`,
  )
} else {
  const line = (id: string, ns: number, unit: string, ratio: string) =>
    console.log(`${id.padEnd(34)}${ns.toFixed(2).padStart(10)} ns/${unit.padEnd(14)}${ratio}`)
  line('scalar loop: product', scalar.mul, 'word', '')
  line('scalar loop: BLAKE3 compression', scalar.blake3, 'compression', '')
  for (const { id, ns, unit, ratio, scalar: loop } of results) {
    const [, promised] = Object.entries(PROMISED).find(([prefix]) => id.startsWith(prefix)) ?? []
    const bound = promised === undefined ? '' : `; at most ${promised} ns${ns > promised ? ', MISSED' : ''}`
    line(id, ns, unit, `${ratio.toFixed(2)} x scalar ${loop}${bound}`)
  }
  console.log(`module generation ${generation.toFixed(1)} ms, ${kernelModuleBytes().length} bytes`)
}
