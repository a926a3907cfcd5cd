/**
 * Records steps and ROM digest of every committed guest in its `expected.json`. Refuses a guest whose result is not the
 * expected one.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { FIXTURES_FOLDER, loadFixtures } from '../src/fixtures.ts'
import { runFixture } from '../src/run-fixture.ts'

let failed = 0
for (const fixture of loadFixtures()) {
  const { steps, romDigest, ...result } = await runFixture(fixture)
  const { exitCode, exitBound, outputs, uart, fault } = fixture.expected
  const wanted = JSON.parse(JSON.stringify({ exitCode, exitBound, outputs, uart, fault })) as object
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(result)), wanted)) {
    failed++
    console.error(`${fixture.name}: got ${JSON.stringify(result)}\n  expected ${JSON.stringify(wanted)}`)
    continue
  }
  const file = join(FIXTURES_FOLDER, fixture.name, 'expected.json')
  const before = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, `${JSON.stringify({ ...before, steps, romDigest }, null, 2)}\n`)
}
console.log(`${failed} guests gave another result than expected`)
if (failed > 0) process.exitCode = 1
