/** Text layout for terminals: numbers with separators, aligned columns. */

/** `1234567` as `1,234,567`. */
export function formatCount(value: number): string {
  // Number.toLocaleString would load locale data, a tenth of the time of a small verification.
  const [whole = '', fraction] = String(Math.round(1000 * value) / 1000).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** Seconds with a unit that keeps three digits. */
export function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms` : `${seconds.toFixed(2)} s`
}

/** Steps per second in millions. */
export function formatSpeed(steps: number, seconds: number): string {
  return seconds === 0 ? '- M steps/s' : `${(steps / seconds / 1e6).toFixed(1)} M steps/s`
}

/** Bytes in binary units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 2 ** (10 * power)).toFixed(1)} ${units[power - 1]}`
}

/** `12.3%`; a dash when the whole is 0. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)}%`
}

/**
 * Lays rows out in columns two spaces apart: columns of `align` `r` are flush right, all others flush left.
 *
 * @returns lines without trailing blanks, each ending in a newline
 */
export function formatTable(rows: readonly (readonly string[])[], align: string): string {
  const widths = [...align].map((_, column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        align[column] === 'r' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      return `${cells.join('  ').trimEnd()}\n`
    })
    .join('')
}
