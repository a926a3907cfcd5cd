import { AirError } from '../errors.ts'

/**
 * Contents of a fixed column.
 *
 * - `pattern`: `head`, then `cycle` over and over, then `tail`; defined at every height that holds head and tail.
 *   `[1, 0...]` is head `[1]`, cycle `[0]`.
 * - `values`: one canonical field element per row.
 * - `lazy`: produced on the first call of `load`, which the producer memoises if it wants to until `release`; the codec
 *   writes the values.
 * - `external`: not part of the program: read from `file`, by `load` where the compiler found the file. The codec keeps the
 *   name of the file only.
 */
export type FixedContent =
  | {
      readonly kind: 'pattern'
      readonly head: readonly bigint[]
      readonly cycle: readonly bigint[]
      readonly tail: readonly bigint[]
    }
  | { readonly kind: 'values'; readonly values: BigUint64Array }
  | { readonly kind: 'lazy'; readonly load: () => BigUint64Array; readonly release?: () => void }
  | {
      readonly kind: 'external'
      readonly file: string
      readonly column: number
      readonly load?: (() => BigUint64Array) | undefined
    }

/**
 * The column's values at a height of `rows`.
 *
 * @throws AirError HEIGHT_NOT_ALLOWED when the contents do not exist at this height; FIXED_COLUMN_UNAVAILABLE when they
 * are external and their file was not found.
 */
export function materializeFixed(content: FixedContent, rows: number, label: string): BigUint64Array {
  switch (content.kind) {
    case 'pattern': {
      const { head, cycle, tail } = content
      if (head.length + tail.length > rows || (cycle.length === 0 && head.length + tail.length !== rows))
        throw heightError(label, rows, head.length + tail.length)
      const out = new BigUint64Array(rows)
      for (let i = 0; i < head.length; i++) out[i] = head[i]!
      const end = rows - tail.length
      for (let i = head.length, k = 0; i < end; i++) {
        out[i] = cycle[k]!
        if (++k === cycle.length) k = 0
      }
      for (let i = 0; i < tail.length; i++) out[end + i] = tail[i]!
      return out
    }
    case 'values':
    case 'lazy':
    case 'external': {
      const values = content.kind === 'values' ? content.values : content.load?.()
      if (values === undefined) throw unavailable(content as FixedContent & { kind: 'external' }, label)
      if (values.length !== rows) throw heightError(label, rows, values.length)
      return values
    }
  }
}

/** True for a column whose values are in a file that the compiler did not find. */
export function isUnavailable(content: FixedContent): boolean {
  return content.kind === 'external' && content.load === undefined
}

/** Lets the columns of an AIR drop values that they can make again; to be called when all of them have been used. */
export function releaseFixed(columns: readonly { readonly content: FixedContent }[]): void {
  for (const { content } of columns) if (content.kind === 'lazy') content.release?.()
}

function unavailable(content: FixedContent & { readonly kind: 'external' }, label: string): AirError {
  return new AirError({
    code: 'FIXED_COLUMN_UNAVAILABLE',
    message: `fixed column ${label} is external: its values are expected from ${content.file}, column ${content.column}`,
    remedy: 'put the file beside the PIL text or into a folder that is searched, and compile the text again',
  })
}

function heightError(label: string, rows: number, available: number): AirError {
  return new AirError({
    code: 'HEIGHT_NOT_ALLOWED',
    message: `fixed column ${label} has ${available} rows, an instance of ${rows} rows was asked for`,
  })
}
