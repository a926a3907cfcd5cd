import { AirError } from '../errors.ts'
import type { ExpressionDag } from '../model/expression.ts'
import { type FixedContent, releaseFixed } from '../model/fixed-column.ts'
import type {
  Air,
  AirGroup,
  AirGroupValue,
  Constraint,
  ConstraintRows,
  CustomColumn,
  CustomCommit,
  FixedColumn,
  GlobalConstraint,
  Hint,
  HintValue,
  NamedEntry,
  Pilout,
  SourceRef,
  StagedValue,
  WitnessColumn,
} from '../model/pilout.ts'
import { validatePilout } from '../model/validate.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import {
  boolean,
  type Codec,
  integer,
  type Json,
  jsonError,
  jsonObject,
  list,
  optional,
  type StructCodec,
  struct,
  text,
  uint,
  union,
  word,
} from './codec.ts'
import { dagCodec, feltArray } from './dag-codec.ts'

const MAGIC = new TextEncoder().encode('zisk-pilout')
const VERSION = 1
/** Deepest nesting of arrays and records in a hint. */
const MAX_HINT_DEPTH = 32

const entry = { name: text, index: list(uint) }
const source = struct<SourceRef>({ file: uint, line: uint, column: uint })
const optionalSource = { source: optional(source) }
const expressions: { readonly expressions: Codec<ExpressionDag> } = { expressions: dagCodec }

const values: StructCodec<{ readonly values: BigUint64Array }> = struct({ values: feltArray })

/** A lazy column is written as its values and read back as such. */
const fixedContent: Codec<FixedContent> = (() => {
  type Stored = Exclude<FixedContent, { kind: 'lazy' }>
  const stored = union<Stored>({
    pattern: struct({ head: list(integer), cycle: list(integer), tail: list(integer) }),
    values,
    external: struct({ file: text, column: uint }),
  })
  const force = (content: FixedContent): Stored =>
    content.kind === 'lazy' ? { kind: 'values', values: content.load() } : content
  return {
    ...stored,
    write: (out, content) => stored.write(out, force(content)),
    toJson: (content) => stored.toJson(force(content)),
  }
})()

/** Lazy columns of an AIR are dropped once written: those of a program may take gigabytes together. */
const fixedColumns: Codec<readonly FixedColumn[]> = (() => {
  const columns = list(struct<FixedColumn>({ ...entry, content: fixedContent, ...optionalSource }))
  return {
    ...columns,
    write: (out, list) => {
      columns.write(out, list)
      releaseFixed(list)
    },
    toJson: (list) => {
      const json = columns.toJson(list)
      releaseFixed(list)
      return json
    },
  }
})()

const rows = union<ConstraintRows>({
  everyRow: struct({}),
  firstRow: struct({}),
  lastRow: struct({}),
  everyFrame: struct({ offsetMin: uint, offsetMax: uint }),
})

const globalConstraint = { expression: uint, label: text, source, trail: list(source) }

const hintFields: Codec<Readonly<Record<string, HintValue>>> = (() => {
  const at = (depth: number): Codec<Readonly<Record<string, HintValue>>> => {
    const value = hintValue(depth)
    return {
      write: (out, fields) => {
        const entries = Object.entries(fields)
        out.varint(entries.length)
        for (const [name, field] of entries) {
          text.write(out, name)
          value.write(out, field)
        }
      },
      read: (input) => {
        const count = input.count()
        const entries: [string, HintValue][] = []
        for (let i = 0; i < count; i++) entries.push([text.read(input), value.read(input)])
        // Whatever the names are: they become fields of the object itself.
        return Object.fromEntries(entries)
      },
      toJson: (fields) =>
        Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, value.toJson(field)])),
      fromJson: (json, path) =>
        Object.fromEntries(
          Object.entries(jsonObject(json, path)).map(([name, field]) => [
            name,
            value.fromJson(field, `${path}.${name}`),
          ]),
        ),
    }
  }
  const hintValue = (depth: number): Codec<HintValue> => ({
    write: (out, value) => valueAt(depth).write(out, value),
    read: (input) => {
      if (depth > MAX_HINT_DEPTH) throw input.error('hint nested too deeply')
      return valueAt(depth).read(input)
    },
    toJson: (value) => valueAt(depth).toJson(value),
    fromJson: (json, path) => {
      if (depth > MAX_HINT_DEPTH) throw jsonError(path, `at most ${MAX_HINT_DEPTH} levels in a hint`, json)
      return valueAt(depth).fromJson(json, path)
    },
  })
  const levels: Codec<HintValue>[] = []
  const valueAt = (depth: number): Codec<HintValue> => {
    levels[depth] ??= union<HintValue>({
      expression: struct({ expression: uint }),
      integer: struct({ value: integer }),
      string: struct({ value: text }),
      array: struct({ items: list(hintValue(depth + 1)) }),
      record: struct({ fields: at(depth + 1) }),
    })
    return levels[depth]
  }
  return at(0)
})()

const hint = struct<Hint>({ name: text, fields: hintFields, source, trail: list(source) })

const air = struct<Air>({
  name: text,
  template: text,
  rows: uint,
  logHeights: list(uint),
  witness: list(
    struct<WitnessColumn>({
      ...entry,
      stage: uint,
      bits: optional(struct({ size: uint, signed: boolean })),
      ...optionalSource,
    }),
  ),
  fixed: fixedColumns,
  customCommits: list(struct<CustomCommit>({ name: text, stage: uint, publics: list(uint) })),
  customColumns: list(struct<CustomColumn>({ ...entry, commit: uint, ...optionalSource })),
  airValues: list(struct<StagedValue>({ ...entry, stage: uint })),
  ...expressions,
  constraints: list(struct<Constraint>({ ...globalConstraint, rows })),
  hints: list(hint),
  source,
})

const airGroup = struct<AirGroup>({
  name: text,
  airGroupValues: list(
    struct<AirGroupValue>({ ...entry, stage: uint, aggregate: word(['sum', 'prod']), defaultValue: integer }),
  ),
  airs: list(air),
})

const pilout = struct<Pilout>({
  name: text,
  files: list(text),
  publics: list(struct<NamedEntry>(entry)),
  proofValues: list(struct<StagedValue>({ ...entry, stage: uint })),
  challenges: list(struct<StagedValue>({ ...entry, stage: uint })),
  airGroups: list(airGroup),
  ...expressions,
  constraints: list(struct<GlobalConstraint>(globalConstraint)),
  hints: list(hint),
})

/** Binary form: magic, version, schema fields in order. Equal programs give equal bytes. Lazy columns are forced. */
export function encodePilout(program: Pilout): Uint8Array {
  const out = new ByteWriter()
  out.bytes(MAGIC)
  out.varint(VERSION)
  pilout.write(out, program)
  return out.finish()
}

/**
 * Reads the binary form.
 *
 * @throws AirError PILOUT_ENCODING_INVALID for bytes that are no encoding, PILOUT_MODEL_INVALID for an encoding of a
 * program with references out of range.
 */
export function decodePilout(bytes: Uint8Array): Pilout {
  const program = decodeTrustedPilout(bytes)
  validatePilout(program)
  return program
}

/**
 * Reads bytes that {@link encodePilout} wrote and that nobody changed since, as a checksum shows: that references point
 * at something is not checked.
 *
 * @throws AirError PILOUT_ENCODING_INVALID for bytes that are no encoding.
 */
export function decodeTrustedPilout(bytes: Uint8Array): Pilout {
  const input = new ByteReader(bytes)
  if (input.remaining < MAGIC.length || !input.bytes(MAGIC.length).every((byte, i) => byte === MAGIC[i]))
    throw input.error('not a pilout file')
  const version = input.varint()
  if (version !== VERSION) throw input.error(`version ${version}, this build reads version ${VERSION}`)
  const program = pilout.read(input)
  if (input.remaining > 0) throw input.error(`${input.remaining} bytes after the end`)
  return program
}

/** One AIR as bytes, for files that can be made again. */
export function encodeAir(value: Air): Uint8Array {
  const out = new ByteWriter()
  air.write(out, value)
  return out.finish()
}

/** Reads what {@link encodeAir} wrote and nobody changed since. @throws AirError PILOUT_ENCODING_INVALID. */
export function decodeTrustedAir(bytes: Uint8Array): Air {
  const input = new ByteReader(bytes)
  const value = air.read(input)
  if (input.remaining > 0) throw input.error(`${input.remaining} bytes after the end`)
  return value
}

/** JSON form, for people and other tools; integers that may exceed 2^53 are decimal strings. */
export function piloutToJson(program: Pilout): Json {
  return { format: 'zisk-pilout', version: VERSION, ...(pilout.toJson(program) as Record<string, Json>) }
}

/**
 * Reads the JSON form (a parsed value, not text).
 *
 * @throws AirError as {@link decodePilout}.
 */
export function piloutFromJson(json: unknown): Pilout {
  const { format, version, ...rest } = jsonObject(json, '$')
  if (format !== 'zisk-pilout') throw jsonError('$.format', 'zisk-pilout', format)
  if (version !== VERSION)
    throw new AirError({
      code: 'PILOUT_ENCODING_INVALID',
      message: `JSON pilout: version ${String(version)}, this build reads version ${VERSION}`,
    })
  const program = pilout.fromJson(rest, '$')
  validatePilout(program)
  return program
}
