/** The programs of an AIR as bytes of the setup cache, so that a proof need not compile them. */
import { type ExpressionDag, type ExprId, NODE, type TermValue } from '@zisk/air'
import type { AirPrograms } from '../wasm/air-programs.ts'
import type { CompiledExpression } from '../wasm/column-program.ts'
import type { RowKind } from '../wasm/quotient-program.ts'
import type { PassAccumulator, ScalarFraction, Stage2Pass, Stage2Program, WaveColumn } from '../wasm/stage2-program.ts'
import { WordReader, WordWriter } from './words.ts'

const ROW_KINDS = ['firstRow', 'lastRow', 'everyFrame'] as const
const ACCUMULATOR_KINDS = ['sum', 'product'] as const
/** In place of a position that is absent. */
const ABSENT = -1

/** The programs as words. Equal programs give equal bytes. */
export function encodePrograms({ stage1, stage2, quotient }: AirPrograms): Uint8Array {
  const out = new WordWriter()
  writeDag(out, stage1.dag)
  out.list(stage1.columns.flatMap(({ column, expression }) => [column, expression]))
  writeStage2(out, stage2)
  writeCompiled(out, quotient.compiled)
  out.list(
    quotient.selectors.flatMap((rows) => [
      ROW_KINDS.indexOf(rows.kind),
      ...(rows.kind === 'everyFrame' ? [rows.offsetMin, rows.offsetMax] : [0, 0]),
    ]),
  )
  return out.finish()
}

/** Reads what {@link encodePrograms} wrote. @throws {RangeError} for words that are too few, too many or out of range. */
export function decodePrograms(bytes: Uint8Array): AirPrograms {
  const input = new WordReader(bytes)
  const programs: AirPrograms = {
    stage1: {
      dag: readDag(input),
      columns: groups(input.list(), 2, (column, expression) => ({ column, expression })),
    },
    stage2: readStage2(input),
    quotient: {
      compiled: readCompiled(input),
      selectors: groups(input.list(), 3, (kind, offsetMin, offsetMax): RowKind => {
        const named = oneOf(ROW_KINDS, kind)
        return named === 'everyFrame' ? { kind: named, offsetMin, offsetMax } : { kind: named }
      }),
    },
  }
  input.end()
  return programs
}

function writeStage2(out: WordWriter, { airValues, passes, passOf, hasZeroDenominator }: Stage2Program): void {
  out.word(airValues.length)
  for (const { airValue, value } of airValues) {
    out.word(airValue)
    writeFraction(out, value)
  }
  out.word(passes.length)
  for (const { waves, accumulators } of passes) {
    out.word(waves.length)
    for (const { compiled, columns } of waves) {
      writeCompiled(out, compiled)
      out.list(
        columns.flatMap(({ column, numerator, denominator }) => [column, numerator ?? ABSENT, denominator ?? ABSENT]),
      )
    }
    out.word(accumulators.length)
    for (const { kind, column, addends, total } of accumulators) {
      out.word(ACCUMULATOR_KINDS.indexOf(kind), column)
      out.list(addends)
      out.word(total?.airGroupValue ?? ABSENT)
      if (total !== undefined) writeFraction(out, total.direct)
    }
  }
  out.list([...passOf].flat())
  out.word(hasZeroDenominator ? 1 : 0)
}

function readStage2(input: WordReader): Stage2Program {
  const airValues = times(input, () => ({ airValue: input.word(), value: readFraction(input) }))
  const passes = times(input, (): Stage2Pass => {
    const waves = times(input, () => ({
      compiled: readCompiled(input),
      columns: groups(
        input.list(),
        3,
        (column, numerator, denominator): WaveColumn => ({
          column,
          ...(numerator !== ABSENT && { numerator }),
          ...(denominator !== ABSENT && { denominator }),
        }),
      ),
    }))
    const accumulators = times(input, (): PassAccumulator => {
      const kind = oneOf(ACCUMULATOR_KINDS, input.word())
      const column = input.word()
      const addends = [...input.list()]
      const airGroupValue = input.word()
      return {
        kind,
        column,
        addends,
        ...(airGroupValue !== ABSENT && { total: { direct: readFraction(input), airGroupValue } }),
      }
    })
    return { waves, accumulators }
  })
  const passOf = new Map(groups(input.list(), 2, (column, pass) => [column, pass] as const))
  return { airValues, passes, passOf, hasZeroDenominator: input.word() === 1 }
}

function writeCompiled(out: WordWriter, compiled: CompiledExpression): void {
  const { tape, cost, leaves, strides, offsets, dag, scalars, outputs } = compiled
  out.list(tape.words)
  out.list(tape.scalars.singles)
  out.list(tape.scalars.combinations)
  out.word(tape.scalars.bytes, tape.workBytes, cost)
  out.list(leaves.flatMap(({ kind, a, isExt }) => [kind, a, isExt ? 1 : 0]))
  out.list(strides)
  out.word(offsets.least, offsets.most)
  writeDag(out, dag)
  out.list(scalars.flatMap(({ node, isExt }) => [node, isExt ? 1 : 0]))
  out.list(outputs.map((isExt) => (isExt ? 1 : 0)))
}

function readCompiled(input: WordReader): CompiledExpression {
  const [words, singles, combinations] = [input.list(), input.list(), input.list()]
  const [bytes, workBytes, cost] = [input.word(), input.word(), input.word()]
  return {
    tape: { words, scalars: { singles, combinations, bytes }, workBytes },
    cost,
    leaves: groups(input.list(), 3, (kind, a, isExt) => ({ kind, a, isExt: isExt === 1 })),
    strides: [...input.list()],
    offsets: { least: input.word(), most: input.word() },
    dag: readDag(input),
    scalars: groups(input.list(), 2, (node, isExt) => ({ node, isExt: isExt === 1 })),
    outputs: Array.from(input.list(), (isExt) => isExt === 1),
  }
}

function writeFraction(out: WordWriter, { dag, numerator, denominator }: ScalarFraction): void {
  writeDag(out, dag)
  for (const term of [numerator, denominator]) {
    out.word(typeof term === 'number' ? term : ABSENT)
    if (typeof term === 'bigint') out.list(halves([term]))
  }
}

function readFraction(input: WordReader): ScalarFraction {
  const dag = readDag(input)
  const term = (): TermValue => {
    const node: ExprId = input.word()
    return node === ABSENT ? felts(input.list())[0]! : node
  }
  return { dag, numerator: term(), denominator: term() }
}

/** Constants are canonical. */
function writeDag(out: WordWriter, { kinds, a, b, constants }: ExpressionDag): void {
  out.list(kinds)
  out.list(a)
  out.list(b)
  out.list(halves(constants))
}

function readDag(input: WordReader): ExpressionDag {
  const [kinds, a, b] = [Uint8Array.from(input.list()), input.list(), input.list()]
  if (a.length !== kinds.length || b.length !== kinds.length || kinds.some((kind) => kind > NODE.mul))
    throw new RangeError('an expression expected, got lists that do not fit')
  return { kinds, a, b, constants: felts(input.list()) }
}

function halves(values: readonly bigint[]): number[] {
  return values.flatMap((value) => [Number(value & 0xffff_ffffn), Number(value >> 32n)])
}

function felts(words: Int32Array): bigint[] {
  return groups(words, 2, (low, high) => (BigInt(high >>> 0) << 32n) + BigInt(low >>> 0))
}

function oneOf<T>(values: readonly T[], position: number): T {
  const value = values[position]
  if (value === undefined) throw new RangeError(`a word below ${values.length} expected, got ${position}`)
  return value
}

function times<T>(input: WordReader, read: () => T): T[] {
  return Array.from({ length: input.count() }, read)
}

/** Words in groups of two or three. */
function groups<T>(words: Int32Array, size: 2 | 3, read: (x: number, y: number, z: number) => T): T[] {
  if (words.length % size !== 0) throw new RangeError(`groups of ${size} words expected, got ${words.length}`)
  return Array.from({ length: words.length / size }, (_, i) => {
    const at = size * i
    return read(words[at]!, words[at + 1]!, words[at + 2]!)
  })
}
