/**
 * Times the compiler: a made-up program of the size of the largest published one, and a table of 2^20 rows filled by a
 * compiled loop and by the interpreter in the same process. Least of several runs.
 *
 * Usage: node --conditions=zisk-source --import tsx packages/pilc/bench/compile.bench.ts [--json] [--quick]
 */
import { parseArgs } from 'node:util'
import { materializeFixed } from '@zisk/air'
import { compilePilOrThrow } from '../src/compile-pil.ts'
import { largeProgram } from '../src/testing/large-program.ts'

const { values: flags } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const runs = flags.quick === true ? 1 : 5
const LOG_ROWS = 20

const TABLE = `
airtemplate Table(const int N = 2**${LOG_ROWS}) {
  col fixed A = [0..255]..., B = [0:256..255:256]..., C, D;
  for (int i = 0; i < N; i++) {
    const int shifted = A[i] << (B[i] & 63);
    C[i] = shifted & 0xFFFFFFFF;
    D[i] = (shifted >> 32) & 0xFFFFFFFF;
  }
}
airgroup G { Table(); }`

const sources = largeProgram()
const lines = Object.values(sources).reduce((sum, text) => sum + text.split('\n').length, 0)
const program = least(() => compilePilOrThrow({ file: 'main.pil', sources }))
const compiled = least(() => fillTable(true))
const interpreted = least(() => fillTable(false))

const results = {
  lines,
  programMs: program,
  usPerLine: (program * 1000) / lines,
  compiledNsPerRow: (compiled * 1e6) / 2 ** LOG_ROWS,
  interpretedNsPerRow: (interpreted * 1e6) / 2 ** LOG_ROWS,
  ratio: interpreted / compiled,
  megabytes: Math.round(process.memoryUsage().rss / 1e6),
}
if (flags.json === true) console.log(JSON.stringify(results))
else for (const [name, value] of Object.entries(results)) console.log(`${name.padEnd(20)} ${value.toFixed(1)}`)

function fillTable(compileLoops: boolean): void {
  const { airGroups } = compilePilOrThrow({ file: 'table.pil', sources: { 'table.pil': TABLE }, compileLoops })
  for (const air of airGroups[0]!.airs)
    for (const column of air.fixed) materializeFixed(column.content, air.rows, column.name)
}

/** Milliseconds of the fastest run. */
function least(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}
