/**
 * Codec combinators: a schema written once gives the binary and the JSON form. Decoders are total: any bytes and any
 * JSON value give a value of the type or an {@link AirError}, in time and memory linear in the input.
 */
import { AirError } from '../errors.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** A value that `JSON.stringify` carries unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Both forms of one type. */
export interface Codec<T> {
  readonly write: (out: ByteWriter, value: T) => void
  readonly read: (input: ByteReader) => T
  readonly toJson: (value: T) => Json
  readonly fromJson: (json: unknown, path: string) => T
}

/** Error for a JSON value of the wrong shape. */
export function jsonError(path: string, expected: string, got: unknown): AirError {
  const shown = got === null ? 'null' : Array.isArray(got) ? 'a list' : typeof got
  return new AirError({
    code: 'PILOUT_ENCODING_INVALID',
    message: `JSON pilout: expected ${expected}, got ${shown}`,
    where: path,
    remedy: 'compile the PIL program again with this version',
  })
}

/** Non-negative safe integer. */
export const uint: Codec<number> = {
  write: (out, value) => out.varint(value),
  read: (input) => input.varint(),
  toJson: (value) => value,
  fromJson: (json, path) => {
    if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0)
      throw jsonError(path, 'a non-negative integer', json)
    return json
  },
}

export const boolean: Codec<boolean> = {
  write: (out, value) => out.byte(value ? 1 : 0),
  read: (input) => {
    const byte = input.byte()
    if (byte > 1) throw input.error(`boolean ${byte}`)
    return byte === 1
  },
  toJson: (value) => value,
  fromJson: (json, path) => {
    if (typeof json !== 'boolean') throw jsonError(path, 'true or false', json)
    return json
  },
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 text. */
export const text: Codec<string> = {
  write: (out, value) => {
    const bytes = new TextEncoder().encode(value)
    out.varint(bytes.length)
    out.bytes(bytes)
  },
  read: (input) => {
    const bytes = input.bytes(input.count())
    try {
      return UTF8.decode(bytes)
    } catch {
      throw input.error('text that is not UTF-8')
    }
  },
  toJson: (value) => value,
  fromJson: (json, path) => {
    if (typeof json !== 'string') throw jsonError(path, 'a string', json)
    return json
  },
}

/** Longest integer of a hint, in bytes. */
const MAX_INTEGER_BYTES = 4096

/** Integer of any sign and size up to 4096 bytes; a decimal string in JSON. */
export const integer: Codec<bigint> = {
  write: (out, value) => {
    const negative = value < 0n
    let rest = negative ? -value : value
    const bytes: number[] = []
    while (rest > 0n) {
      bytes.push(Number(rest & 0xffn))
      rest >>= 8n
    }
    out.varint(bytes.length * 2 + (negative ? 1 : 0))
    out.bytes(Uint8Array.from(bytes))
  },
  read: (input) => {
    const header = input.varint()
    const length = Math.floor(header / 2)
    if (length > MAX_INTEGER_BYTES) throw input.error(`integer of ${length} bytes`)
    const bytes = input.bytes(length)
    if (length > 0 && bytes[length - 1] === 0) throw input.error('integer with a superfluous zero byte')
    if (header === 1) throw input.error('negative zero')
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) + BigInt(bytes[i]!)
    return header % 2 === 1 ? -value : value
  },
  toJson: (value) => value.toString(),
  fromJson: (json, path) => {
    if (typeof json !== 'string' || json.length > 2.5 * MAX_INTEGER_BYTES || !/^(0|-?[1-9][0-9]*)$/.test(json))
      throw jsonError(path, 'a decimal integer in a string', json)
    return BigInt(json)
  },
}

export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    write: (out, values) => {
      out.varint(values.length)
      for (const value of values) item.write(out, value)
    },
    read: (input) => {
      const count = input.count()
      const values: T[] = []
      for (let i = 0; i < count; i++) values.push(item.read(input))
      return values
    },
    toJson: (values) => values.map(item.toJson),
    fromJson: (json, path) => {
      if (!Array.isArray(json)) throw jsonError(path, 'a list', json)
      return json.map((value: unknown, i) => item.fromJson(value, `${path}[${i}]`))
    },
  }
}

/** Marks a field that may be absent. */
export interface OptionalField<T> {
  readonly optional: Codec<T>
}

export function optional<T>(codec: Codec<T>): OptionalField<T> {
  return { optional: codec }
}

type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalField<Exclude<T[K], undefined>> : Codec<T[K]>
}

/** A codec of records. */
export interface StructCodec<T> extends Codec<T> {
  /** Reads the fields into an object. */
  readonly readInto: (input: ByteReader, value: object) => void
}

/** Record with the given fields, in this order; JSON objects with unknown fields are refused. */
export function struct<T extends object>(fields: Fields<T>): StructCodec<T> {
  const entries = Object.entries(fields) as [string, Codec<unknown> | OptionalField<unknown>][]
  const isOptional = (codec: Codec<unknown> | OptionalField<unknown>): codec is OptionalField<unknown> =>
    'optional' in codec
  const at = (value: T, name: string): unknown => (value as Record<string, unknown>)[name]
  const names = entries.map(([name]) => name)
  const readers = entries.map(([, codec]) => (isOptional(codec) ? codec.optional : codec).read)
  const optionals = entries.map(([, codec]) => isOptional(codec))
  const readInto = (input: ByteReader, value: object): void => {
    for (let i = 0; i < names.length; i++)
      if (!optionals[i] || boolean.read(input)) (value as Record<string, unknown>)[names[i]!] = readers[i]!(input)
  }
  return {
    write: (out, value) => {
      for (const [name, codec] of entries) {
        const field = at(value, name)
        if (!isOptional(codec)) codec.write(out, field)
        else {
          out.byte(field === undefined ? 0 : 1)
          if (field !== undefined) codec.optional.write(out, field)
        }
      }
    },
    readInto,
    read: (input) => {
      const value = {}
      readInto(input, value)
      return value as T
    },
    toJson: (value) => {
      const json: Record<string, Json> = {}
      for (const [name, codec] of entries) {
        const field = at(value, name)
        if (isOptional(codec)) {
          if (field !== undefined) json[name] = codec.optional.toJson(field)
        } else json[name] = codec.toJson(field)
      }
      return json
    },
    fromJson: (json, path) => {
      const source = jsonObject(json, path)
      for (const name of Object.keys(source))
        if (!Object.hasOwn(fields, name)) throw jsonError(`${path}.${name}`, 'no such field', source[name])
      const value: Record<string, unknown> = {}
      for (const [name, codec] of entries) {
        const field = Object.hasOwn(source, name) ? source[name] : undefined
        if (!isOptional(codec)) value[name] = codec.fromJson(field, `${path}.${name}`)
        else if (field !== undefined) value[name] = codec.optional.fromJson(field, `${path}.${name}`)
      }
      return value as T
    },
  }
}

/** Union told apart by its `kind` field; the binary tag is the position of the case. */
export function union<T extends { readonly kind: string }>(
  cases: {
    readonly [K in T['kind']]: StructCodec<Omit<Extract<T, { readonly kind: K }>, 'kind'>>
  },
): Codec<T> {
  const kinds = Object.keys(cases)
  const codecs = Object.values(cases) as StructCodec<object>[]
  const of = (value: T): number => kinds.indexOf(value.kind)
  return {
    write: (out, value) => {
      out.byte(of(value))
      codecs[of(value)]!.write(out, value)
    },
    read: (input) => {
      const tag = input.byte()
      const codec = codecs[tag]
      if (codec === undefined) throw input.error(`unknown case ${tag}`)
      const value = { kind: kinds[tag] }
      codec.readInto(input, value)
      return value as unknown as T
    },
    toJson: (value) => ({ kind: value.kind, ...(codecs[of(value)]!.toJson(value) as Record<string, Json>) }),
    fromJson: (json, path) => {
      const { kind, ...rest } = jsonObject(json, path)
      const tag = typeof kind === 'string' ? kinds.indexOf(kind) : -1
      if (tag < 0) throw jsonError(`${path}.kind`, `one of ${kinds.join(', ')}`, kind)
      return { kind, ...codecs[tag]!.fromJson(rest, path) } as unknown as T
    },
  }
}

/** One of a few words. */
export function word<T extends string>(words: readonly T[]): Codec<T> {
  return {
    write: (out, value) => out.byte(words.indexOf(value)),
    read: (input) => {
      const tag = input.byte()
      const value = words[tag]
      if (value === undefined) throw input.error(`unknown word ${tag}`)
      return value
    },
    toJson: (value) => value,
    fromJson: (json, path) => {
      const value = words.find((candidate) => candidate === json)
      if (value === undefined) throw jsonError(path, `one of ${words.join(', ')}`, json)
      return value
    },
  }
}

/** A plain JSON object or an error. */
export function jsonObject(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw jsonError(path, 'an object', json)
  return json as Readonly<Record<string, unknown>>
}
