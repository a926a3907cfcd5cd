/**
 * Input written as JSON: an array of typed values, one input record each.
 *
 * ```json
 * [{ "u32": 1000 }, { "u64": ["1", "0xffffffffffffffff"] }, { "hex": "00ff" }, { "utf8": "text" }, { "file": "data.bin" }]
 * ```
 */

import { ZiskError } from '@zisk/core'

/** Codes of failures of a JSON input. */
export type JsonInputErrorCode = 'INPUT_JSON_SYNTAX' | 'INPUT_JSON_SHAPE'

/** A JSON input that is no JSON, or no array of typed values. */
export class JsonInputError extends ZiskError<JsonInputErrorCode> {
  override readonly name = 'JsonInputError'
}

const REMEDY = 'Write an array of {"u8"|"u32"|"u64"|"hex"|"utf8"|"file": value}; integers may be arrays.'

/** What a value has to be, and where it is not: the keys and indices that lead there. */
class Mismatch extends Error {
  override readonly name = 'Mismatch'
  readonly path: readonly (string | number)[]

  constructor(expected: string, path: readonly (string | number)[]) {
    super(expected)
    this.path = path
  }
}

/** Makes a record of a value of one type. @throws Mismatch */
type Packer = (value: unknown, path: readonly (string | number)[]) => Uint8Array

const HEX_PAIRS = /^(0x)?([0-9a-fA-F]{2})*$/
const DIGITS = /^(\d+|0x[0-9a-fA-F]+)$/

/** By name of the type. Plain functions: a schema library takes longer to load than a small program to prove. */
const packers = (readFile: (path: string) => Uint8Array): Readonly<Record<string, Packer>> => ({
  u8: (value, path) => packIntegers(integers(value, 8, path), 1),
  u32: (value, path) => packIntegers(integers(value, 32, path), 4),
  u64: (value, path) => packIntegers(integers(value, 64, path), 8),
  hex: (value, path) => {
    if (typeof value !== 'string' || !HEX_PAIRS.test(value)) throw new Mismatch('pairs of hex digits', path)
    return new Uint8Array(Buffer.from(value.replace(/^0x/, ''), 'hex'))
  },
  utf8: (value, path) => {
    if (typeof value !== 'string') throw new Mismatch('a string', path)
    return new TextEncoder().encode(value)
  },
  file: (value, path) => {
    if (typeof value !== 'string' || value === '') throw new Mismatch('the name of a file', path)
    return readFile(value)
  },
})

/** One integer or an array of them. */
function integers(value: unknown, bits: number, path: readonly (string | number)[]): readonly bigint[] {
  return Array.isArray(value)
    ? value.map((item, index) => parseInteger(item, bits, [...path, index]))
    : [parseInteger(value, bits, path)]
}

/** An unsigned integer given as a JSON number or, beyond 2^53 - 1, as a decimal or 0x string. */
function parseInteger(value: unknown, bits: number, path: readonly (string | number)[]): bigint {
  const isInteger =
    typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && DIGITS.test(value)
  if (!isInteger) throw new Mismatch('an integer, or a string of decimal or 0x digits', path)
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Mismatch('an integer above 2^53 - 1 as a string', path)
  const parsed = BigInt(value as number | string)
  if (parsed >> BigInt(bits) !== 0n) throw new Mismatch(`an integer from 0 to 2^${bits} - 1`, path)
  return parsed
}

function packIntegers(values: readonly bigint[], bytesEach: number): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach)
  values.forEach((value, index) => {
    for (let byte = 0; byte < bytesEach; byte++)
      bytes[index * bytesEach + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
  })
  return bytes
}

/**
 * The input records of a JSON text.
 *
 * @param readFile reads the file of a `{"file": path}` value; relative paths are the caller's to resolve
 * @throws {JsonInputError} `INPUT_JSON_SYNTAX` or `INPUT_JSON_SHAPE`, with the path of the first offending value
 */
export function parseJsonInput(text: string, readFile: (path: string) => Uint8Array): readonly Uint8Array[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new JsonInputError({
      code: 'INPUT_JSON_SYNTAX',
      message: `JSON input expected, got ${error instanceof Error ? error.message : String(error)}`,
      remedy: REMEDY,
      exitStatus: 'usage',
      cause: error,
    })
  }
  try {
    return recordsOf(document, packers(readFile))
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    throw new JsonInputError({
      code: 'INPUT_JSON_SHAPE',
      message: `JSON input expected ${error.message}`,
      where: `$${error.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}`,
      remedy: REMEDY,
      exitStatus: 'usage',
    })
  }
}

function recordsOf(document: unknown, packers: Readonly<Record<string, Packer>>): readonly Uint8Array[] {
  if (!Array.isArray(document)) throw new Mismatch('an array of typed values', [])
  return document.map((value: unknown, index) => {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    const [type, content] = entries[0] ?? ['', undefined]
    if (entries.length !== 1 || !Object.hasOwn(packers, type))
      throw new Mismatch('an object with exactly one of the known types', [index])
    return packers[type]!(content, [index, type])
  })
}
