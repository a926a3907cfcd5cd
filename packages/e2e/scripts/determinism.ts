/**
 * `pnpm determinism [MAJOR...]`: proves fixed runs under several versions of Node, with one and two workers, and compares
 * the bytes. The versions are 20, 22 and 24 unless named.
 */
import { EXIT_STATUS } from '@zisk/core'
import { nodeBinary, runUnder } from '../src/determinism/node-versions.ts'

const majors = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20, 22, 24]
const seen = new Map<string, Set<string>>()
for (const major of majors) {
  const { node, digests } = runUnder(nodeBinary(major), ['1 worker', '2 workers'])
  for (const [run, byWay] of Object.entries(digests))
    for (const [way, digest] of Object.entries(byWay)) {
      console.log(`${node.padEnd(10)} ${way.padEnd(10)} ${run.padEnd(18)} ${digest}`)
      seen.set(run, (seen.get(run) ?? new Set()).add(digest))
    }
}
const different = [...seen].filter(([, digests]) => digests.size > 1).map(([run]) => run)
console.log(different.length === 0 ? 'all proofs are equal' : `DIFFERENT proofs of: ${different.join(', ')}`)
if (different.length > 0) process.exitCode = EXIT_STATUS.failed
