/**
 * The main job of the repository, run by `pnpm start`: a RISC-V program hashes a real file in the zkVM, the run is proven,
 * and the proof is verified against the program. The result is compared with Node's own SHA-256.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT_STATUS } from '@zisk/core'
import { loadProgram, PHASE_NAMES, type ProgressEvent, prove, verify } from '@zisk/sdk'
import { REPO_ROOT } from '../src/workspace.ts'

const PROGRAM = 'elf-regressions/sha256-file/program.elf'
const INPUT = 'LICENSE-MIT'
const DIGEST_WORDS = 8

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(2)} s`

const program = loadProgram(readFileSync(join(REPO_ROOT, PROGRAM)))
const bytes = readFileSync(join(REPO_ROOT, INPUT))
console.log(`program  ${PROGRAM}, ${program.rom.instructions.length} ZisK instructions`)
console.log(`input    ${INPUT}, ${bytes.length} bytes`)

const started = performance.now()
let shown: ProgressEvent['phase'] | undefined
/** One line for each phase: a proof takes seconds, or half a minute on a busy machine. */
const showPhase = ({ phase, done }: ProgressEvent): void => {
  if (phase === shown) return
  shown = phase
  console.log(`proving  ${`${Math.round(100 * done)}`.padStart(3)} %  ${PHASE_NAMES[phase]}, ${seconds(started)}`)
}
const { proof, steps } = await prove(program, {
  input: { kind: 'raw', bytes },
  verify: false,
  onProgress: showPhase,
})
console.log(`proven   ${steps.toLocaleString('en-US')} steps in ${seconds(started)}, ${proof.length} bytes`)

const checked = performance.now()
const { programDigest, statement, securityBits, profile } = await verify(proof, { program })
console.log(`verified in ${seconds(checked)}: ${securityBits.toFixed(1)} bits, ${profile.name}`)
console.log(`         program digest ${Buffer.from(programDigest).toString('hex')}`)

const words = [...statement.outputs.subarray(0, DIGEST_WORDS)]
const digest = words.map((word) => word.toString(16).padStart(8, '0')).join('')
const expected = createHash('sha256').update(bytes).digest('hex')
console.log(`result   SHA-256 ${digest}`)
console.log(`         ${digest === expected ? 'equal to' : 'DIFFERENT FROM'} Node's ${expected}`)
if (digest !== expected) process.exitCode = EXIT_STATUS.failed
