/**
 * Checks the run of every guest of `elf-regressions` that ends, against all constraints and buses: once as it is, and with
 * small chunks and instances when it is short. Takes about a second per 100,000 steps.
 *
 * Usage: pnpm check:fixtures [NAME...]
 */

import { parseArgs } from 'node:util'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { loadFixtures } from '../src/fixtures.ts'
import { compileZisk } from '../src/forgery/zisk-machine.ts'
import { RunChecker } from '../src/witness/check-run.ts'

const { positionals } = parseArgs({ allowPositionals: true })
/** Runs with more steps are checked once only. */
const MAX_CUT_STEPS = 100_000
const CUT = { chunkSize: 1024, maxLogRows: { main: 12, mem: 11, operations: 11 } }

const checker = new RunChecker(compileZisk())
const fixtures = loadFixtures().filter(
  ({ name, expected }) => expected.fault === undefined && (positionals.length === 0 || positionals.includes(name)),
)
let failed = 0
for (const { name, elf, input } of fixtures) {
  const rom = transpile(readElf(elf))
  const started = performance.now()
  const whole = await checker.check(rom, { input })
  const cut = whole.steps > MAX_CUT_STEPS ? undefined : await checker.check(rom, { input, ...CUT })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const holds = whole.holds && cut?.holds !== false
  console.log(
    `${holds ? 'ok  ' : 'FAIL'} ${name}: ${whole.steps} steps, ${seconds} s${cut === undefined ? '' : ', also cut'}`,
  )
  if (holds) continue
  failed++
  console.log(whole.holds ? cut!.report : whole.report)
}
console.log(`${fixtures.length - failed} of ${fixtures.length} guests hold`)
process.exitCode = failed === 0 ? 0 : 1
