/** What compiled loops call: integer arithmetic, rows of fixed columns, elements of arrays. */
import {
  type Int,
  IntError,
  intAdd,
  intAnd,
  intDiv,
  intLog2,
  intMod,
  intMul,
  intNeg,
  intOr,
  intPow,
  intShl,
  intShr,
  intSub,
  intXor,
} from '../eval/int.ts'
import { ArrayValue, defaultValue, isInt, type Value } from '../eval/value.ts'
import { type FixedStore, feltOf } from '../fixed/fixed-store.ts'

/** An index outside its column or array; the loop adds the place. */
export class IndexFault extends Error {
  override readonly name = 'IndexFault'
  readonly index: Int
  readonly length: number

  constructor(index: Int, length: number) {
    super('index out of range')
    this.index = index
    this.length = length
  }
}

/** A fault of a compiled loop other than arithmetic or an index. */
export class LoopFault extends Error {
  override readonly name = 'LoopFault'
}

function readRow(halves: Uint32Array, row: Int, rows: number): Int {
  if (!(row >= 0 && row < rows)) throw new IndexFault(row, rows)
  const at = 2 * (row as number)
  const high = halves[at + 1]!
  const low = halves[at]!
  return high < 0x20_0000 ? high * 4294967296 + low : (BigInt(high) << 32n) | BigInt(low)
}

function writeRow(halves: Uint32Array, row: Int, value: Int, rows: number): void {
  if (!(row >= 0 && row < rows)) throw new IndexFault(row, rows)
  const at = 2 * (row as number)
  if (typeof value === 'number' && value >= 0) {
    halves[at] = value
    halves[at + 1] = value / 4294967296
  } else writeLarge(halves, at, value)
}

function writeLarge(halves: Uint32Array, at: number, value: Int): void {
  const felt = feltOf(value)
  halves[at] = Number(felt & 0xffff_ffffn)
  halves[at + 1] = Number(felt >> 32n)
}

function element(array: ArrayValue, index: Int): Int {
  const value = item(array, index) ?? defaultValue(array.type)
  if (isInt(value)) return value
  throw new LoopFault('expected an integer element')
}

function nested(array: ArrayValue, index: Int): ArrayValue {
  return item(array, index) as ArrayValue
}

function item(array: ArrayValue, index: Int): Value | undefined {
  if (!(index >= 0 && index < array.length)) throw new IndexFault(index, array.length)
  return array.get(index as number)
}

function setElement(array: ArrayValue, index: Int, value: Int): void {
  if (!(index >= 0 && index < array.length)) throw new IndexFault(index, array.length)
  if (array.isConst && array.has(index as number)) throw new LoopFault(`element ${index} is constant and has a value`)
  array.set(index as number, value)
}

/** The column at an index of an array of columns. */
function storeAt(array: ArrayValue, index: Int): FixedStore {
  const value = item(array, index)
  if (typeof value === 'object' && value.tag === 'column' && value.store !== undefined) return value.store
  throw new LoopFault('expected a fixed column')
}

function readStore(store: FixedStore, row: Int): Int {
  if (!(row >= 0 && row < store.rows)) throw new IndexFault(row, store.rows)
  return store.read(row as number)
}

function writeStore(store: FixedStore, row: Int, value: Int): void {
  if (!(row >= 0 && row < store.rows)) throw new IndexFault(row, store.rows)
  store.write(row as number, value)
}

function makeArray(isConst: boolean, ...dims: readonly Int[]): ArrayValue {
  for (const dim of dims)
    if (typeof dim !== 'number' || dim < 0 || dim > 2 ** 24) throw new LoopFault('bad array length')
  return new ArrayValue({ type: 'int', isConst, dims: dims as number[] })
}

function fillArray(array: ArrayValue, values: readonly Int[]): ArrayValue {
  if (values.length > array.length) throw new IndexFault(values.length - 1, array.length)
  values.forEach((value, i) => {
    array.set(i, value)
  })
  return array
}

/** The functions that generated code names. */
export const LOOP_FUNCTIONS: Readonly<Record<string, unknown>> = {
  add: intAdd,
  sub: intSub,
  mul: intMul,
  div: intDiv,
  mod: intMod,
  pow: intPow,
  shl: intShl,
  shr: intShr,
  and: intAnd,
  or: intOr,
  xor: intXor,
  neg: intNeg,
  log2: intLog2,
  readRow,
  writeRow,
  element,
  nested,
  setElement,
  storeAt,
  readStore,
  writeStore,
  makeArray,
  fillArray,
}

/** Message of a fault of generated code, or undefined when it is none of ours. */
export function faultMessage(
  error: unknown,
): { code: 'PIL_ARITHMETIC' | 'PIL_INDEX' | 'PIL_TYPE'; message: string } | undefined {
  if (error instanceof IntError) return { code: 'PIL_ARITHMETIC', message: error.message }
  if (error instanceof IndexFault)
    return { code: 'PIL_INDEX', message: `index ${error.index} is outside [0, ${error.length - 1}]` }
  return error instanceof LoopFault ? { code: 'PIL_TYPE', message: error.message } : undefined
}
