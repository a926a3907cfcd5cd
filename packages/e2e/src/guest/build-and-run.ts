import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildResult, buildGuest, type GuestConfig } from '@zisk/build'
import { type Execution, execute, loadProgram, type Program } from '@zisk/sdk'
import { REPO_ROOT } from '../workspace.ts'

/** One toolchain for all tests, installed by the first that needs it. */
export const HOME: string = process.env['ZISK_HOME'] ?? join(REPO_ROOT, 'node_modules/.cache/zisk')

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

export function build(path: string, config: GuestConfig = {}): Promise<BuildResult> {
  return buildGuest({ path, config, home: HOME, onDiagnostics: (text) => console.error(text) })
}

/** What a guest did. */
export interface GuestRun {
  readonly execution: Execution
  readonly text: string
  /** {@link text} as it was printed. */
  readonly bytes: Buffer
  /** `undefined` when it did not exit. */
  readonly exitCode: number | undefined
  /** Public words up to the last one that is not 0. */
  readonly outputs: readonly number[]
}

/** Runs an ELF on some input records. */
export function runGuest(elf: string, records: readonly Uint8Array[] = []): Promise<GuestRun> {
  return runProgram(loadProgram(new Uint8Array(readFileSync(elf))), records)
}

/** Runs a loaded program on some input records. */
export async function runProgram(program: Program, records: readonly Uint8Array[] = []): Promise<GuestRun> {
  const text: Uint8Array[] = []
  const execution = await execute(program, {
    input: { kind: 'records', records },
    onText: (bytes) => text.push(bytes.slice()),
  })
  const { outcome } = execution
  const exited = outcome.kind === 'exited'
  const publics = exited ? Array.from(outcome.publics) : []
  return {
    execution,
    text: Buffer.concat(text).toString(),
    bytes: Buffer.concat(text),
    exitCode: exited ? Number(outcome.exitWord) : undefined,
    outputs: publics.slice(0, publics.findLastIndex((word) => word !== 0) + 1),
  }
}
