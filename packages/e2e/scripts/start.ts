/**
 * The main job of the repository, run by `pnpm start`: a RISC-V program hashes a real file in the zkVM, and the result is
 * compared with Node's own SHA-256.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT_STATUS } from '@zisk/core'
import { execute, loadProgram, outcomeError } from '@zisk/sdk'
import { REPO_ROOT } from '../src/workspace.ts'

const PROGRAM = 'elf-regressions/sha256-file/program.elf'
const INPUT = 'LICENSE-APACHE'
const DIGEST_WORDS = 8

const program = loadProgram(readFileSync(join(REPO_ROOT, PROGRAM)))
const bytes = readFileSync(join(REPO_ROOT, INPUT))
const execution = await execute(program, {
  input: { kind: 'raw', bytes },
  onText: (text) => process.stdout.write(text),
})
const failure = outcomeError(execution)
if (failure !== undefined) throw failure

const { outcome, seconds } = execution
const words = outcome.kind === 'exited' ? [...outcome.publics.subarray(0, DIGEST_WORDS)] : []
const digest = words.map((word) => word.toString(16).padStart(8, '0')).join('')
const expected = createHash('sha256').update(bytes).digest('hex')
console.log(`program  ${PROGRAM} (${program.rom.instructions.length} ZisK instructions)`)
console.log(`input    ${INPUT} (${bytes.length} bytes)`)
console.log(`result   SHA-256 ${digest}`)
console.log(`         ${digest === expected ? 'equal to' : 'DIFFERENT FROM'} Node's ${expected}`)
console.log(`steps    ${outcome.steps.toLocaleString('en-US')}`)
console.log(`speed    ${(outcome.steps / seconds / 1e6).toFixed(1)} M steps/s over ${(seconds * 1000).toFixed(1)} ms`)
if (digest !== expected) process.exitCode = EXIT_STATUS.failed
