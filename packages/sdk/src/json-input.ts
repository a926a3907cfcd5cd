/**
 * Input written as JSON: an array of typed values, one input record each.
 *
 * ```json
 * [{ "u32": 1000 }, { "u64": ["1", "0xffffffffffffffff"] }, { "hex": "00ff" }, { "utf8": "text" }, { "file": "data.bin" }]
 * ```
 */

import { createRequire } from 'node:module'
import { ZiskError } from '@zisk/core'
import type { z } from 'zod'

/** Codes of failures of a JSON input. */
export type JsonInputErrorCode = 'INPUT_JSON_SYNTAX' | 'INPUT_JSON_SHAPE'

/** A JSON input that is no JSON, or no array of typed values. */
export class JsonInputError extends ZiskError<JsonInputErrorCode> {
  override readonly name = 'JsonInputError'
}

const REMEDY = 'Write an array of {"u8"|"u32"|"u64"|"hex"|"utf8"|"file": value}; integers may be arrays.'

type Context = z.core.$RefinementCtx

/** An unsigned integer given as a JSON number or, beyond 2^53 - 1, as a decimal or 0x string. */
function parseInteger(value: unknown, bits: number, context: Context, path: PropertyKey[]): bigint {
  const problem = (message: string): bigint => {
    context.addIssue({ code: 'custom', message, path, input: value })
    return 0n
  }
  if (typeof value === 'number' ? !Number.isInteger(value) : !/^(\d+|0x[0-9a-fA-F]+)$/.test(String(value))) {
    return problem('an integer, or a string of decimal or 0x digits, expected')
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return problem('integers above 2^53 - 1 are written as strings')
  }
  const parsed = BigInt(value as number | string)
  return parsed >> BigInt(bits) === 0n ? parsed : problem(`an integer from 0 to 2^${bits} - 1 expected`)
}

/** One integer or an array of them. */
const integers = (zod: Zod, bits: number): z.ZodType<readonly bigint[] | undefined> =>
  zod
    .unknown()
    .transform((value, context): readonly bigint[] =>
      Array.isArray(value)
        ? value.map((item, index) => parseInteger(item, bits, context, [index]))
        : [parseInteger(value, bits, context, [])],
    )
    .optional()

type Zod = typeof z

/** Loaded with the first JSON input: most runs have none, and it costs some 60 ms. */
const loadZod = (): Zod => (createRequire(import.meta.url)('zod') as { readonly z: Zod }).z

type JsonValue = z.output<ReturnType<typeof valueSchema>>

function valueSchema(zod: Zod) {
  return zod
    .strictObject({
      u8: integers(zod, 8),
      u32: integers(zod, 32),
      u64: integers(zod, 64),
      hex: zod
        .string()
        .regex(/^(0x)?([0-9a-fA-F]{2})*$/, 'pairs of hex digits expected')
        .optional(),
      utf8: zod.string().optional(),
      file: zod.string().min(1).optional(),
    })
    .refine((value) => Object.keys(value).length === 1, 'exactly one type per value expected')
}

function packIntegers(values: readonly bigint[], bytesEach: number): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach)
  values.forEach((value, index) => {
    for (let byte = 0; byte < bytesEach; byte++)
      bytes[index * bytesEach + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
  })
  return bytes
}

function valueToRecord(value: JsonValue, readFile: (path: string) => Uint8Array): Uint8Array {
  const { u8, u32, u64, hex, utf8, file } = value
  if (u8 !== undefined) return packIntegers(u8, 1)
  if (u32 !== undefined) return packIntegers(u32, 4)
  if (u64 !== undefined) return packIntegers(u64, 8)
  if (hex !== undefined) return new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'))
  if (utf8 !== undefined) return new TextEncoder().encode(utf8)
  return readFile(file!)
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
  const zod = loadZod()
  const parsed = zod.array(valueSchema(zod)).safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
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
