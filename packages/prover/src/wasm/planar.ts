/** Columns over the extension in planar form: three base columns, `plane` bytes apart. */
import type { Ext } from '@zisk/field'
import { mul } from '@zisk/field'
import type { Address, Region } from './arena.ts'
import type { Engine } from './engine.ts'

/** A planar column in a region of its own. */
export interface PlanarColumn {
  readonly region: Region
  readonly offset: Address
  readonly plane: number
  readonly count: number
}

/** Reserves a planar column; its contents are not defined. */
export function reservePlanar(engine: Engine, count: number): PlanarColumn {
  return planarIn(engine.arena.reserve(planarBytes(count)), count)
}

/** Size of a planar column. */
export function planarBytes(count: number): number {
  return 3 * Math.ceil((8 * count) / 64) * 64
}

/** Size of a base column. */
export function columnBytes(rows: number): number {
  return planarBytes(rows) / 3
}

/** A planar column in a region of {@link planarBytes} bytes. */
export function planarIn(region: Region, count: number): PlanarColumn {
  return { region, offset: region.offset, plane: planarBytes(count) / 3, count }
}

/** Copies the first elements of a planar column, from one memory to another too. */
export function copyPlanar({ arena }: Engine, from: PlanarColumn, to: PlanarColumn, count: number): void {
  for (let k = 0; k < 3; k++) arena.copy(from.offset + k * from.plane, to.offset + k * to.plane, 8 * count)
}

/** Fills a planar column with one element, coordinates from `first` on. */
export function fillPlanar(
  engine: Engine,
  { offset, plane, count }: PlanarColumn,
  value: Ext,
  first: number = 0,
): void {
  for (let k = first; k < value.length; k++) {
    const at = offset + k * plane
    if (value[k] === 0n) engine.arena.bytes(at, 8 * count).fill(0)
    else engine.kernelsAt(offset).fillPowers(at, count, value[k]!, 1n)
  }
}

/** The extension element in three words, for kernels that take a pointer. */
export function putExt({ arena }: Engine, value: Ext, near: Address): Region {
  const region = arena.reserveNear(near, 24)
  arena.words(region.offset, 3).set(value)
  return region
}

/** Elements of a planar column. */
export function readPlanar(engine: Engine, { offset, plane }: PlanarColumn, index: number): Ext {
  return [0, 1, 2].map((k) => engine.arena.words(offset + k * plane + 8 * index, 1)[0]!) as unknown as Ext
}

/** Powers of a base element in bit-reversed order of the exponents: place i holds x^reverse(i), i < 2^log. */
export function reversedBasePowers(engine: Engine, x: bigint, log: number, offset: Address): void {
  const squares = [x]
  for (let i = 1; i < log; i++) squares.push(mul(squares[i - 1]!, squares[i - 1]!))
  engine.arena.words(offset, 1)[0] = 1n
  for (let bit = 0; bit < log; bit++) {
    const factor = squares[log - 1 - bit]!
    const size = 2 ** bit
    if (size === 1) engine.arena.words(offset + 8, 1)[0] = factor
    else engine.kernelsAt(offset).scaleColumn(offset, offset + 8 * size, factor, size)
  }
}
