/** Columns over the extension in planar form: three base columns, `plane` bytes apart. */
import type { Ext, Offset } from '@zisk/field'
import { mul } from '@zisk/field'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'

/** A planar column in a region of its own. */
export interface PlanarColumn {
  readonly region: Region
  readonly offset: Offset
  readonly plane: number
  readonly count: number
}

/** Reserves a planar column; its contents are not defined. */
export function reservePlanar(engine: Engine, count: number): PlanarColumn {
  const plane = Math.ceil((8 * count) / 64) * 64
  const region = engine.arena.reserve(3 * plane)
  return { region, offset: region.offset, plane, count }
}

/** Fills a planar column with one element. */
export function fillPlanar({ kernels }: Engine, { offset, plane, count }: PlanarColumn, value: Ext): void {
  for (const [k, word] of value.entries()) kernels.fillPowers(offset + k * plane, count, word, 1n)
}

/** The extension element in three words, for kernels that take a pointer. */
export function putExt(engine: Engine, value: Ext): Region {
  const region = engine.arena.reserve(24)
  engine.arena.words.set(value, region.offset / 8)
  return region
}

/** Elements of a planar column. */
export function readPlanar(engine: Engine, { offset, plane }: PlanarColumn, index: number): Ext {
  const { words } = engine.arena
  return [0, 1, 2].map((k) => words[(offset + k * plane) / 8 + index]!) as unknown as Ext
}

/** Powers of a base element in bit-reversed order of the exponents: place i holds x^reverse(i), i < 2^log. */
export function reversedBasePowers(engine: Engine, x: bigint, log: number): Region {
  const region = engine.arena.reserve(8 * Math.max(2, 2 ** log))
  const squares = [x]
  for (let i = 1; i < log; i++) squares.push(mul(squares[i - 1]!, squares[i - 1]!))
  const { words } = engine.arena
  const { offset } = region
  words[offset / 8] = 1n
  for (let bit = 0; bit < log; bit++) {
    const factor = squares[log - 1 - bit]!
    const size = 2 ** bit
    if (size === 1) words[offset / 8 + 1] = factor
    else engine.kernels.scaleColumn(offset, offset + 8 * size, factor, size)
  }
  return region
}
