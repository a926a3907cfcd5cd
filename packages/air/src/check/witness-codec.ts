/** The witness of a run as a file, so that it can be checked apart from the program that made it. */

import { ByteReader, ByteWriter } from '../codec/bytes.ts'
import { type Codec, integer, type Json, jsonError, jsonObject, list, struct, text, uint } from '../codec/codec.ts'
import { feltArray } from '../codec/dag-codec.ts'
import { AirError } from '../errors.ts'
import { type Air, entryLabel, type Pilout } from '../model/pilout.ts'
import { type AirInstance, findAir, type ProgramWitness } from './witness.ts'

const MAGIC = new TextEncoder().encode('zisk-witness')
const VERSION = 1

/** Columns travel by name, so that a file outlives a change in the order of declarations. */
interface StoredInstance {
  readonly air: string
  readonly segment: number
  readonly rows: number
  readonly columns: readonly { readonly name: string; readonly values: BigUint64Array }[]
  readonly airValues: readonly { readonly name: string; readonly value: bigint }[]
}

interface StoredWitness {
  readonly publics: readonly bigint[]
  readonly proofValues: readonly bigint[]
  readonly instances: readonly StoredInstance[]
}

const stored: Codec<StoredWitness> = struct({
  publics: list(integer),
  proofValues: list(integer),
  instances: list(
    struct<StoredInstance>({
      air: text,
      segment: uint,
      rows: uint,
      columns: list(struct({ name: text, values: feltArray })),
      airValues: list(struct({ name: text, value: integer })),
    }),
  ),
})

/** Binary form. */
export function encodeWitness(program: Pilout, witness: ProgramWitness): Uint8Array {
  const out = new ByteWriter()
  out.bytes(MAGIC)
  out.varint(VERSION)
  stored.write(out, toStored(program, witness))
  return out.finish()
}

/**
 * Reads the binary form for a program. Every column before stage 2 and every air value has to be there.
 *
 * @throws AirError WITNESS_ENCODING_INVALID for bytes that are no encoding, WITNESS_SHAPE_INVALID for one that names
 * AIRs or columns that the program does not have.
 */
export function decodeWitness(program: Pilout, bytes: Uint8Array): ProgramWitness {
  const input = new ByteReader(bytes, 'witness file')
  if (input.remaining < MAGIC.length || !input.bytes(MAGIC.length).every((byte, i) => byte === MAGIC[i]))
    throw input.error('expected the bytes of a witness, got something else')
  const version = input.varint()
  if (version !== VERSION) throw input.error(`version ${version}, this build reads version ${VERSION}`)
  const witness = stored.read(input)
  if (input.remaining > 0) throw input.error(`${input.remaining} bytes after the end`)
  return fromStored(program, witness)
}

/** JSON form: columns are lists of numbers, values above 2^53 decimal strings. */
export function witnessToJson(program: Pilout, witness: ProgramWitness): Json {
  return {
    format: 'zisk-witness',
    version: VERSION,
    ...(stored.toJson(toStored(program, witness)) as Record<string, Json>),
  }
}

/**
 * Reads the JSON form (a parsed value, not text).
 *
 * @throws AirError as {@link decodeWitness}.
 */
export function witnessFromJson(program: Pilout, json: unknown): ProgramWitness {
  return fromStored(program, storedFromJson(json))
}

function storedFromJson(json: unknown): StoredWitness {
  try {
    const { format, version, ...rest } = jsonObject(json, '$')
    if (format !== 'zisk-witness') throw jsonError('$.format', 'zisk-witness', format)
    if (version !== VERSION) throw jsonError('$.version', `version ${VERSION}`, version)
    return stored.fromJson(rest, '$')
  } catch (error) {
    // The codecs are those of compiled programs, and speak of these.
    if (!(error instanceof AirError)) throw error
    const { message, where } = error
    throw new AirError({
      code: 'WITNESS_ENCODING_INVALID',
      message: message.replace('JSON pilout', 'JSON witness'),
      where,
      remedy: 'Write the witness again with this version.',
      cause: error,
    })
  }
}

function toStored(program: Pilout, witness: ProgramWitness): StoredWitness {
  return {
    publics: witness.publics,
    proofValues: witness.proofValues,
    instances: witness.instances.map((instance) => {
      const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
      return {
        air: air.name,
        segment: instance.segment,
        rows: instance.rows,
        columns: [
          ...earlyColumns(air).map(([i, name]) => ({ name, values: instance.witness[i]! })),
          ...air.customColumns.map((column, i) => ({ name: entryLabel(column), values: instance.custom[i]! })),
        ],
        airValues: air.airValues.map((entry, i) => ({ name: entryLabel(entry), value: instance.airValues[i]! })),
      }
    }),
  }
}

function fromStored(program: Pilout, witness: StoredWitness): ProgramWitness {
  const instances = witness.instances.map((instance) => instanceFromStored(program, instance))
  return { publics: witness.publics, proofValues: witness.proofValues, instances }
}

/** Takes the columns over as they are: memory stays within a small multiple of the file. */
function instanceFromStored(
  program: Pilout,
  { air: name, segment, rows, columns, airValues }: StoredInstance,
): AirInstance {
  const position = findAir(program, name)
  const air = program.airGroups[position.airGroup]!.airs[position.air]!
  const given = new Map(columns.map((column) => [column.name, column.values]))
  const values = new Map(airValues.map((entry) => [entry.name, entry.value]))
  const take = (label: string): BigUint64Array => {
    const column = given.get(label)
    given.delete(label)
    if (column?.length !== rows)
      throw shapeError(`${name}.${label}: expected ${rows} values, got ${column?.length ?? 0}`)
    return column
  }
  const early = new Map(earlyColumns(air))
  const found = {
    ...position,
    segment,
    rows,
    witness: air.witness.map((_, i) => (early.has(i) ? take(early.get(i)!) : new BigUint64Array(0))),
    custom: air.customColumns.map((column) => take(entryLabel(column))),
    airValues: air.airValues.map((entry) => {
      const value = values.get(entryLabel(entry))
      values.delete(entryLabel(entry))
      if (value === undefined) throw shapeError(`${name} needs the air value ${entryLabel(entry)}`)
      return value
    }),
  }
  const extra = [...given.keys(), ...values.keys()][0]
  if (extra !== undefined) throw shapeError(`${name} has no column or air value ${extra}`)
  return found
}

/** Witness columns before stage 2, with their labels. */
function earlyColumns(air: Air): readonly (readonly [index: number, label: string])[] {
  return [...air.witness.entries()]
    .filter(([, column]) => column.stage < 2)
    .map(([i, column]) => [i, entryLabel(column)] as const)
}

function shapeError(message: string): AirError {
  return new AirError({ code: 'WITNESS_SHAPE_INVALID', message: `witness file: ${message}` })
}
