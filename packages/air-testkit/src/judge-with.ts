import type { RowJudge, RowVerdict } from './judge-row.ts'

/** Judges a row with some cells changed, by PIL names of columns; the columns are as before afterwards. */
export function judgeWith(
  judge: RowJudge,
  air: string,
  row: number,
  cells: Readonly<Record<string, bigint>>,
): RowVerdict {
  const { labels, witness } = judge.instanceOf(air)
  const before: { readonly column: BigUint64Array; readonly value: bigint }[] = []
  for (const [label, value] of Object.entries(cells)) {
    const column = witness[labels.indexOf(label)]
    if (column === undefined) throw new RangeError(`${air} has no column ${label}`)
    before.push({ column, value: column[row]! })
    column[row] = value
  }
  const verdict = judge.judge(air, row)
  for (const { column, value } of before) column[row] = value
  return verdict
}

/** Whether nothing is wrong with a row. */
export function isAccepted({ constraints, lookups }: RowVerdict): boolean {
  return constraints.length + lookups.length === 0
}
