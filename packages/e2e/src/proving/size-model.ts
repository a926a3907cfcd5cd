/**
 * Proof sizes that the design promises for the machine of fifteen tables, in KiB: rows, paths, folding by two, opened
 * values; computed beforehand from the shape for 221, 110 and 73 queries.
 */

import { type ExpectedSize, expectedSize } from '@zisk/prover'
import { type PreparedKey, type ProfileName, profileNamed, shardLayout } from '@zisk/verifier'
import type { TableSpec } from './table-machine.ts'

/** The promised parts. */
export interface ModelledSize {
  readonly rows: number
  readonly paths: number
  readonly folding: number
  readonly evaluations: number
}

/** By profile. */
export const MODELLED_SIZES: Readonly<Partial<Record<ProfileName, ModelledSize>>> = {
  std128: { rows: 1920, paths: 340, folding: 561, evaluations: 28 },
  balanced128: { rows: 1038, paths: 197, folding: 366, evaluations: 29 },
  small128: { rows: 690, paths: 145, folding: 291, evaluations: 29 },
}

/** Sum of the parts in bytes. */
export function modelledBytes({ rows, paths, folding, evaluations }: ModelledSize): number {
  return 1024 * (rows + paths + folding + evaluations)
}

/** Size of a proof of tables like those of the key, but of the heights given. */
export function sizeAtHeights(key: PreparedKey, tables: readonly TableSpec[], name: ProfileName): ExpectedSize {
  const shapes = key.shapes.map((shape, i) => ({
    ...shape,
    air: { ...shape.air, logHeights: [tables[i]!.logRows] },
  }))
  const instances = tables.map(({ logRows }, air) => ({ air, segment: 0, logRows }))
  const profile = profileNamed(name)
  return expectedSize(shardLayout(shapes, profile, instances), profile)
}
