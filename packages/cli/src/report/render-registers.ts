const ABI_NAMES =
  'zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'.split(' ')

/** The 32 registers, four in a row with their ABI names; `values` are hex strings. */
export function renderRegisters(values: readonly string[]): string {
  const cells = values.map((value, index) => `${(ABI_NAMES[index] ?? '').padStart(4)} ${value.padEnd(18)}`)
  const rows = Array.from({ length: Math.ceil(cells.length / 4) }, (_, row) => cells.slice(4 * row, 4 * row + 4))
  return rows.map((row) => `  ${row.join('  ').trimEnd()}\n`).join('')
}
