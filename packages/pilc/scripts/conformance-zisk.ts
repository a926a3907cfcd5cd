/**
 * Compiles a user's checkout of ZisK, unmodified, and compares the cells per row of its AIRs with the published costs.
 *
 *   pnpm conformance:zisk DIR [--std DIR] [--root FILE]
 *
 * DIR is the checkout; the standard library is looked for in `DIR/lib/std/pil` and beside the checkout in
 * `pil2-proofman/pil2-components/lib/std/pil` unless it is named. Exits with 1 when the program does not compile or a
 * known cost differs.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { airCost, type Pilout } from '@zisk/air'
import { compilePil, formatDiagnostic } from '@zisk/pilc'

/** Cells per row of ZisK v0.18, from its published cost table. */
const PUBLISHED_CELLS: Readonly<Record<string, number>> = {
  Main: 68,
  Rom: 21,
  Mem: 28,
  RomData: 18,
  InputData: 27,
  MemAlign: 53,
  MemAlignByte: 34,
  MemAlignReadByte: 25,
  MemAlignWriteByte: 32,
  Arith: 95,
  Binary: 60,
  BinaryAdd: 25,
  BinaryExtension: 53,
  Add256: 104,
  ArithEq: 89,
  ArithEq384: 79,
  Keccakf: 3022,
  Poseidon2: 75,
  Sha256f: 121,
  Blake2br: 205,
}

const { values, positionals } = parseArgs({
  options: { std: { type: 'string' }, root: { type: 'string' } },
  allowPositionals: true,
})
const [folder] = positionals
if (folder === undefined || positionals.length > 1) {
  console.error('usage: pnpm conformance:zisk DIR [--std DIR] [--root FILE]')
  process.exit(2)
}
process.exitCode = run(resolve(folder))

function run(checkout: string): number {
  const candidates = [
    join(checkout, 'lib/std/pil'),
    join(checkout, '../pil2-proofman/pil2-components/lib/std/pil'),
    join(checkout, 'pil2-proofman/pil2-components/lib/std/pil'),
  ]
  const std = values.std ?? candidates.find((candidate) => existsSync(join(candidate, 'std_lookup.pil')))
  if (std === undefined) {
    console.error(`no standard library found (${candidates.join(', ')}): name it with --std`)
    return 2
  }
  const file = values.root ?? join(checkout, 'pil/zisk.pil')
  const include = [join(checkout, 'pil'), std, join(checkout, 'state-machines'), join(checkout, 'precompiles')]
  const start = performance.now()
  const { pilout, diagnostics } = compilePil({ file, include })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
  console.error(`${pilout === undefined ? 'failed' : 'compiled'} in ${seconds} s, ${megabytes()} MB`)
  return pilout === undefined ? 1 : report(pilout)
}

/** Prints one line per AIR; gives 1 when a published cost is missed. */
function report(program: Pilout): number {
  let missed = 0
  console.log('AIR                       rows   w1  stage2  added  degree  cells  published')
  for (const group of program.airGroups) {
    for (const air of group.airs) {
      const cost = airCost(program, air)
      const published = PUBLISHED_CELLS[air.name]
      const verdict =
        published === undefined ? '' : published === cost.cellsPerRow ? `${published} ok` : `${published} DIFFERS`
      if (published !== undefined && published !== cost.cellsPerRow) missed++
      const numbers = [Math.log2(air.rows), cost.stage1, cost.stage2, cost.intermediates, cost.degree, cost.cellsPerRow]
      const widths = [6, 5, 8, 7, 8, 7]
      console.log(`${air.name.padEnd(24)}${numbers.map((n, i) => String(n).padStart(widths[i]!)).join('')}  ${verdict}`)
    }
  }
  return missed === 0 ? 0 : 1
}

function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6)
}
