/**
 * Extension elements as one number each, coordinates 192 bits apart: a sum of up to 2^64 products with words has its
 * coordinates apart still, and costs a third of the operations on bigints.
 */
import { type Ext, P } from '@zisk/field'

/** A sum of extension elements times words, not reduced. */
export type PackedExt = bigint

const BITS = 192n
const MASK = (1n << BITS) - 1n

export function packExt([x0, x1, x2]: Ext): PackedExt {
  return x0 + (x1 << BITS) + (x2 << (2n * BITS))
}

/** The reduced element. */
export function unpackExt(sum: PackedExt): Ext {
  return [(sum & MASK) % P, ((sum >> BITS) & MASK) % P, (sum >> (2n * BITS)) % P]
}
