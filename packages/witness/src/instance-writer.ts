import { type AirInstance, columnNamed, createInstance, entryLabel, type InstanceOptions, type Pilout } from '@zisk/air'

/**
 * An instance under construction: columns and air values by their PIL names. With the labels of a `columns.gen.ts` as type
 * arguments a misspelt one is a type error.
 */
export class InstanceWriter<ColumnLabel extends string = string, AirValueLabel extends string = string> {
  readonly instance: AirInstance
  readonly #program: Pilout

  /** @throws {AirError} WITNESS_SHAPE_INVALID when the program has no such AIR */
  constructor(program: Pilout, options: InstanceOptions & { readonly rows: number }) {
    this.#program = program
    this.instance = createInstance(program, options)
  }

  get rows(): number {
    return this.instance.rows
  }

  /** A column, by its PIL spelling, one value per row. */
  column(label: ColumnLabel): BigUint64Array {
    return columnNamed(this.#program, this.instance, label)
  }

  /** The same column as pairs of 32-bit words, low word first. */
  words(label: ColumnLabel): Uint32Array {
    const column = this.column(label)
    return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length)
  }

  /** Sets an air value, by its PIL spelling. */
  setAirValue(label: AirValueLabel, value: bigint): void {
    const { airGroup, air, airValues } = this.instance
    const definition = this.#program.airGroups[airGroup]!.airs[air]!
    const index = definition.airValues.findIndex((entry) => entryLabel(entry) === label)
    if (index < 0) throw new RangeError(`air value expected one of ${definition.name}, got ${label}`)
    airValues[index] = value
  }
}

/** Writes an integer, 0 to 2^53 - 1, as a pair of words. */
export function setNumber(words: Uint32Array, index: number, value: number): void {
  words[index] = value
  words[index + 1] = value / 2 ** 32
}
