import { describe, expect, test } from 'vitest'
import { type Ext, P } from '../goldilocks.ts'
import { COLUMN_OP } from '../kernels/column-ops.ts'
import { PAIR_HEADS, PAIR_TAILS, pairShape } from '../kernels/column-pairs.ts'
import { referenceExt } from '../reference.ts'
import { ADVERSARIAL_WORDS, createRandomWords, createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { type ColumnRun, runColumns, tapeBytes, writeTape } from './column-kernel.ts'
import { type ColumnNode, type ColumnProgram, extensionNodes } from './column-program.ts'
import { columnSums } from './column-sums.ts'
import { planColumns } from './column-tape.ts'

const SEED = 0x5eed_00c0n
const stage = createKernelMemory(4 << 20)

interface Inputs {
  readonly columns: readonly (readonly bigint[])[]
  readonly scalars: readonly bigint[]
}

/** Value of every node at one row by the oracle. */
function evaluateAt({ nodes }: ColumnProgram, { columns, scalars }: Inputs, row: number): Ext[] {
  const values: Ext[] = []
  for (const node of nodes) {
    const cell = (k: number): bigint => {
      const { column, offset } = node as Extract<ColumnNode, { column: number }>
      const data = columns[column + k]!
      return data[(row + offset + 8 * data.length) % data.length]!
    }
    switch (node.kind) {
      case 'column':
        values.push([cell(0), 0n, 0n])
        break
      case 'extColumn':
        values.push([cell(0), cell(1), cell(2)])
        break
      case 'scalar':
        values.push([scalars[node.scalar]!, 0n, 0n])
        break
      case 'extScalar':
        values.push([scalars[node.scalar]!, scalars[node.scalar + 1]!, scalars[node.scalar + 2]!])
        break
      case 'neg':
        values.push(referenceExt.neg(values[node.a]!))
        break
      default:
        values.push(referenceExt[node.kind](values[node.a]!, values[node.b]!))
    }
  }
  return values.map((value) => referenceExt.add(value, referenceExt.zero))
}

/** Runs a program over columns laid out with the strides it names and compares every output with the oracle. */
function check(program: ColumnProgram, inputs: Inputs, begin: number, end: number): void {
  for (const accumulate of [false, true]) checkRun(program, inputs, { begin, end, accumulate })
}

function checkRun(
  program: ColumnProgram,
  inputs: Inputs,
  { begin, end, accumulate }: Pick<ColumnRun, 'begin' | 'end' | 'accumulate'>,
): void {
  stage.reset()
  const rows = inputs.columns[0]!.length
  const places = inputs.columns.map((column, c) => {
    const stride = program.strides[c]!
    const place = stage.allocate(stride * rows)
    for (const [i, x] of column.entries()) stage.words[(place + i * stride) / 8] = x
    return place
  })
  const table = (values: readonly number[]): number => {
    const place = stage.allocate(4 * values.length)
    new Uint32Array(stage.bytes.buffer).set(values, place / 4)
    return place
  }
  const planned = planColumns(program)
  const tape = stage.allocate(tapeBytes(planned))
  writeTape(stage.bytes.buffer, tape, planned, inputs.scalars)
  const work = stage.allocate(planned.workBytes)
  stage.bytes.fill(0xff, work, work + planned.workBytes)
  const isExt = extensionNodes(program)
  const width = (id: number): number => (isExt[id] ? 3 : 1)
  const outputs = program.outputs.map((node) =>
    Array.from({ length: width(node) }, (_, k) => stage.put(createTestWords(rows, SEED + BigInt(k)))),
  )
  const lists = { columns: table(places), outputs: table(outputs.flat()) }
  runColumns(stage.kernels, stage.memory, { tape, ...lists, work, accumulate, mask: rows - 1, begin, end })
  const values = Array.from({ length: rows }, (_, row) => evaluateAt(program, inputs, row))
  for (const [o, node] of program.outputs.entries()) {
    for (const [k, place] of outputs[o]!.entries()) {
      const expected = createTestWords(rows, SEED + BigInt(k)).map((before, row) => {
        if (row < begin || row >= end) return before
        return accumulate ? (values[row]![node]![k]! + before) % P : values[row]![node]![k]!
      })
      expect([...stage.words.subarray(place / 8, place / 8 + rows)], `output ${o}.${k}`).toEqual(expected)
    }
  }
}

/** The shapes of all pairs on a tape. */
function pairShapes(words: Int32Array): number[] {
  const shapes: number[] = []
  for (let at = 0; at < words.length; at += opWords(words, at))
    if (words[at] === COLUMN_OP.pair) shapes.push(words[at + 2]!)
  return shapes
}

function opWords(words: Int32Array, at: number): number {
  switch (words[at]) {
    case COLUMN_OP.combine:
    case COLUMN_OP.combineTo:
      return 4 + words[at + 3]!
    case COLUMN_OP.pack:
    case COLUMN_OP.store:
      return 3
    case COLUMN_OP.add:
    case COLUMN_OP.constant:
    case COLUMN_OP.extMulTo:
      return 4
    case COLUMN_OP.pair:
      return 6
    default:
      return 5
  }
}

describe('sums', () => {
  const leaves = Array.from({ length: 4 }, (_, column): ColumnNode => ({ kind: 'column', column, offset: 0 }))

  test('what one sum uses once is a part of it; what is used twice or multiplied is a value', () => {
    const nodes = [...leaves]
    const push = (node: ColumnNode): number => nodes.push(node) - 1
    const product = push({ kind: 'mul', a: 0, b: 1 })
    const difference = push({ kind: 'sub', a: 2, b: 3 })
    const negated = push({ kind: 'neg', a: difference })
    const part = push({ kind: 'add', a: product, b: negated })
    const shared = push({ kind: 'add', a: 0, b: 1 })
    const scalar = push({ kind: 'scalar', scalar: 0 })
    const scaled = push({ kind: 'mul', a: scalar, b: shared })
    const upper = push({ kind: 'sub', a: part, b: scaled })
    const root = push({ kind: 'sub', a: upper, b: shared })
    const { termsOf } = columnSums({ nodes, strides: [8, 8, 8, 8], outputs: [root] })
    expect(termsOf(root)).toEqual([
      { kind: 'product', a: 0, b: 1, negative: false },
      { kind: 'value', a: 2, negative: true },
      { kind: 'value', a: 3, negative: false },
      { kind: 'scaled', a: shared, scalar, negative: true },
      { kind: 'value', a: shared, negative: true },
    ])
    expect(termsOf(0)).toBeUndefined()
  })
})

describe('refusals', () => {
  test('an operand that does not come first', () => {
    for (const a of [0, 1, -1]) {
      expect(() => planColumns({ nodes: [{ kind: 'neg', a }], strides: [], outputs: [] })).toThrow(RangeError)
    }
  })
})

describe(`programs against the oracle (seed ${SEED})`, () => {
  const rows = 128
  const columns = Array.from({ length: 6 }, (_, c) => createTestWords(rows, SEED + BigInt(c)))
  const strides = [64, 8, 64, 8, 8, 64]

  test('each operation, over every mixture of base and extension, columns and scalars', () => {
    const leaves: ColumnNode[] = [
      { kind: 'column', column: 0, offset: 0 },
      { kind: 'extColumn', column: 1, offset: 1 },
      { kind: 'scalar', scalar: 0 },
      { kind: 'extScalar', scalar: 1 },
      { kind: 'column', column: 5, offset: -2 },
      { kind: 'extColumn', column: 3, offset: 63 },
    ]
    const operations = leaves.flatMap((_, a) =>
      leaves.flatMap((__, b): ColumnNode[] => (['add', 'sub', 'mul'] as const).map((kind) => ({ kind, a, b }))),
    )
    const negations = leaves.map((_, a): ColumnNode => ({ kind: 'neg', a }))
    const nodes = [...leaves, ...operations, ...negations]
    const outputs = nodes.map((_, node) => node)
    const words = ADVERSARIAL_WORDS.filter((x) => x < P)
    for (const first of [0, 5, 11]) {
      check({ nodes, strides, outputs }, { columns, scalars: words.slice(first, first + 4) }, 0, rows)
    }
  })

  test('each sum of two terms, of words of every size', () => {
    const words = [0n, 1n, (1n << 32n) - 1n, 1n << 32n, P - 1n, P, P + 1n, (1n << 64n) - 1n]
    const pairs = Array.from({ length: rows }, (_, i) => [words[i % 8]!, words[Math.floor(i / 8) % 8]!] as const)
    const inputs = [0, 1].map((k) => pairs.map((pair) => pair[k]!))
    const nodes: ColumnNode[] = [
      { kind: 'column', column: 0, offset: 0 },
      { kind: 'column', column: 1, offset: 0 },
      { kind: 'scalar', scalar: 0 },
      { kind: 'scalar', scalar: 1 },
    ]
    const push = (node: ColumnNode): number => nodes.push(node) - 1
    const [a, b, factor, constant] = [0, 1, 2, 3] as const
    const outputs: number[] = []
    const shapes = new Set<number>()
    for (const head of PAIR_HEADS)
      for (const tail of PAIR_TAILS)
        for (const [minusHead, minusTail] of [
          [false, false],
          [false, true],
          [true, false],
          [true, true],
        ] as const) {
          // A value that is alone is no sum, and the first of two values is the one that is not subtracted.
          if ((tail === 'none' && minusTail) || (head === 'value' && tail === 'none' && !minusHead)) continue
          const first =
            head === 'value'
              ? a
              : push({ kind: 'mul', a: head === 'product' ? a : factor, b: head === 'product' ? b : a })
          const second = tail === 'scalar' ? constant : b
          const negated = minusHead ? push({ kind: 'neg', a: first }) : first
          const sum = tail === 'none' ? negated : push({ kind: minusTail ? 'sub' : 'add', a: negated, b: second })
          // A product with it makes it a value of its own.
          outputs.push(push({ kind: 'mul', a: sum, b: a }))
          shapes.add(pairShape(head, minusHead, tail, minusTail))
        }
    const planned = planColumns({ nodes, strides: [8, 64], outputs })
    expect(new Set(pairShapes(planned.words))).toEqual(shapes)
    for (const scalars of [
      [P - 1n, 1n],
      [1n, P - 1n],
      [(1n << 32n) + 5n, 0n],
      [0n, (1n << 32n) - 1n],
    ])
      check({ nodes, strides: [8, 64], outputs }, { columns: inputs, scalars }, 0, rows)
  })

  test('a part of the rows leaves the others alone; two rows are enough', () => {
    const nodes: ColumnNode[] = [
      { kind: 'column', column: 0, offset: 0 },
      { kind: 'column', column: 0, offset: 1 },
      { kind: 'mul', a: 0, b: 1 },
    ]
    const outputs = [2]
    check({ nodes, strides: [8], outputs }, { columns: [columns[0]!], scalars: [] }, 6, 20)
    check({ nodes, strides: [8], outputs }, { columns: [columns[0]!], scalars: [] }, 40, 110)
    check({ nodes, strides: [64], outputs }, { columns: [[P - 1n, 7n]], scalars: [] }, 0, 2)
  })

  test('long sums of products and of sums stay within bounds', () => {
    const ones = Array.from({ length: rows }, () => (1n << 64n) - 1n)
    const nodes: ColumnNode[] = [
      { kind: 'column', column: 0, offset: 0 },
      { kind: 'scalar', scalar: 0 },
      { kind: 'mul', a: 0, b: 1 },
    ]
    for (let i = 0; i < 400; i++)
      nodes.push({ kind: i % 3 === 0 ? 'sub' : 'add', a: nodes.length - 1, b: i % 2 === 0 ? 2 : 0 })
    for (let i = 0; i < 70; i++) nodes.push({ kind: 'add', a: nodes.length - 1, b: nodes.length - 1 })
    for (let i = 0; i < 3; i++) nodes.push({ kind: 'neg', a: nodes.length - 1 })
    const outputs = [nodes.length - 1]
    check({ nodes, strides: [8], outputs }, { columns: [ones], scalars: [P - 1n] }, 0, rows)
  })

  test('combinations of more values than one operation takes, and more than an accumulator holds', () => {
    // Largest limbs and largest digits: words of all ones, weights whose halves round up.
    const ones = Array.from({ length: rows }, () => (1n << 64n) - 1n)
    const large = columns[0]!.map((_, i) => (i % 2 === 0 ? 0x7fff_7fff_7fff_7fffn : 0x8000_8000_8000_8000n))
    for (const [weight, terms] of [
      [0x7fff_ffff_7fff_ffffn, 33],
      [P - 1n, 32],
      [0x8000_0000_8000_0000n, 700],
    ] as const) {
      const nodes: ColumnNode[] = [
        { kind: 'column', column: 0, offset: 0 },
        { kind: 'extColumn', column: 0, offset: 0 },
      ]
      let sum: number | undefined
      for (let i = 0; i < terms; i++) {
        const scalar = nodes.push({ kind: 'extScalar', scalar: i % 3 }) - 1
        const product = nodes.push({ kind: 'mul', a: i % 5 === 4 ? 1 : 0, b: scalar }) - 1
        const kind = i % 7 === 6 ? 'sub' : 'add'
        sum = sum === undefined ? product : nodes.push({ kind, a: sum, b: product }) - 1
      }
      const outputs = [sum!]
      const inputs = { columns: [ones, large, columns[1]!], scalars: [weight, weight, 1n, 0n, P - 1n] }
      check({ nodes, strides: [8, 64, 8], outputs }, inputs, 0, rows)
    }
  })

  test('random programs', () => {
    const next = createRandomWords(SEED)
    const below = (n: number): number => Number(next() % BigInt(n))
    for (let round = 0; round < 6; round++) {
      const nodes: ColumnNode[] = Array.from({ length: 12 }, (): ColumnNode => {
        const offset = below(5) - 2
        const leaves: ColumnNode[] = [
          { kind: 'column', column: below(6), offset },
          { kind: 'extColumn', column: below(4), offset },
          { kind: 'scalar', scalar: below(6) },
          { kind: 'extScalar', scalar: below(4) },
        ]
        return leaves[below(4)]!
      })
      for (let i = 0; i < 150; i++) {
        const [a, b] = [below(nodes.length), below(nodes.length)]
        const kind = (['add', 'sub', 'mul', 'mul'] as const)[below(4)]!
        nodes.push(i % 11 === 0 ? { kind: 'neg', a } : { kind, a, b })
      }
      const outputs = [nodes.length - 1, nodes.length - 2, 40, 3]
      const scalars = Array.from({ length: 6 }, () => next() % P)
      check({ nodes, strides, outputs }, { columns, scalars }, 0, rows)
    }
  })
})
