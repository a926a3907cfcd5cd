/**
 * Input written as JSON: an array of typed values, one input record each.
 *
 * ```json
 * [{ "u32": 1000 }, { "u64": ["1", "0xffffffffffffffff"] }, { "hex": "00ff" }, { "utf8": "text" }, { "file": "data.bin" }]
 * ```
 */

import { ZiskError } from '@zisk/core'
import { z } from 'zod'

/** Codes of failures of a JSON input. */
export type JsonInputErrorCode = 'INPUT_JSON_SYNTAX' | 'INPUT_JSON_SHAPE'

/** A JSON input that is no JSON, or no array of typed values. */
export class JsonInputError extends ZiskError<JsonInputErrorCode> {
  override readonly name = 'JsonInputError'
}

const REMEDY = 'Write an array of {"u8"|"u32"|"u64"|"hex"|"utf8"|"file": value}; integers may be arrays.'

/** Little-endian bytes of an integer given as a JSON number or, beyond 2^53, as a decimal or 0x string. */
const integer = (bits: 8 | 32 | 64): z.ZodType<bigint> =>
  z
    .union([
      z.number().int().nonnegative(),
      z.string().regex(/^(\d+|0x[0-9a-fA-F]+)$/, 'decimal or 0x digits expected'),
    ])
    .transform((value, context) => {
      if (typeof value === 'number' && !Number.isSafeInteger(value)) {
        context.addIssue({ code: 'custom', message: 'integers above 2^53 - 1 are written as strings' })
        return z.NEVER
      }
      const parsed = BigInt(value)
      if (parsed >> BigInt(bits) !== 0n) {
        context.addIssue({ code: 'custom', message: `an integer below 2^${bits} expected` })
        return z.NEVER
      }
      return parsed
    })

const integers = (bits: 8 | 32 | 64): z.ZodType<readonly bigint[]> =>
  z.union([integer(bits).transform((value) => [value]), z.array(integer(bits))])

const VALUE = z.union([
  z.strictObject({ u8: integers(8) }),
  z.strictObject({ u32: integers(32) }),
  z.strictObject({ u64: integers(64) }),
  z.strictObject({ hex: z.string().regex(/^(0x)?([0-9a-fA-F]{2})*$/, 'pairs of hex digits expected') }),
  z.strictObject({ utf8: z.string() }),
  z.strictObject({ file: z.string().min(1) }),
])

function packIntegers(values: readonly bigint[], bytesEach: number): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach)
  values.forEach((value, index) => {
    for (let byte = 0; byte < bytesEach; byte++)
      bytes[index * bytesEach + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
  })
  return bytes
}

function valueToRecord(value: z.output<typeof VALUE>, readFile: (path: string) => Uint8Array): Uint8Array {
  if ('u8' in value) return packIntegers(value.u8, 1)
  if ('u32' in value) return packIntegers(value.u32, 4)
  if ('u64' in value) return packIntegers(value.u64, 8)
  if ('hex' in value) return new Uint8Array(Buffer.from(value.hex.replace(/^0x/, ''), 'hex'))
  if ('utf8' in value) return new TextEncoder().encode(value.utf8)
  return readFile(value.file)
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
  const parsed = z.array(VALUE).safeParse(document)
  if (!parsed.success) {
    const issue = deepestIssue(parsed.error.issues)
    throw new JsonInputError({
      code: 'INPUT_JSON_SHAPE',
      message: `JSON input expected an array of typed values, got: ${issue.message}`,
      where: `$${issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`,
      remedy: REMEDY,
      exitStatus: 'usage',
    })
  }
  return parsed.data.map((value) => valueToRecord(value, readFile))
}

type Issue = z.core.$ZodIssue

/** In a failed union, the issue of the branch that got furthest: the one that the user meant. */
function deepestIssue(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): Issue {
  let deepest: Issue | undefined
  for (const issue of issues) {
    const path = [...prefix, ...issue.path]
    const candidate =
      issue.code === 'invalid_union' && issue.errors.length > 0
        ? issue.errors
            .map((branch) => deepestIssue(branch, path))
            .reduce((best, next) => (rank(next) > rank(best) ? next : best))
        : { ...issue, path }
    if (deepest === undefined || rank(candidate) > rank(deepest)) deepest = candidate
  }
  return deepest!
}

/** An unknown key says that this branch was not meant at all. */
const rank = (issue: Issue): number => (issue.code === 'unrecognized_keys' ? -1 : issue.path.length)
