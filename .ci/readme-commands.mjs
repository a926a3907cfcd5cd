// Runs, in order, every command of README.md's ```sh blocks, so that the README cannot promise what does not work.
// A block marked ```sh no-run is left out (the test command, which has a step of its own).

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const readme = readFileSync('README.md', 'utf8')
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap((block) => block[1].replace(/\\\n/g, '').split('\n'))
  .map((line) => line.replace(/#.*$/, '').trim())
  .filter((line) => line !== '')

if (commands.length === 0) {
  console.error('README.md has no ```sh block')
  process.exit(1)
}
for (const command of commands) {
  console.log(`$ ${command}`)
  const { status } = spawnSync('bash', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    console.error(`README command ended with status ${status}: ${command}`)
    process.exit(1)
  }
}
