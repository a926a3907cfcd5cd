import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `elf-regressions/<case>/expected.json` says; outputs stop at the last one that is not 0. */
export type Expected = {
  readonly description: string
  readonly exitCode?: number
  readonly outputs?: readonly number[]
  readonly uart?: string
  /** False when a0 at the exit call means nothing. */
  readonly exitBound?: boolean
  readonly fault?: {
    /** Fault code of the emulator, or STEP_LIMIT. */
    readonly code: string
    /** Symbol at the faulting instruction. */
    readonly symbol?: string
    readonly function?: string
    /** `path:line` of the faulting instruction. */
    readonly source?: string
    /** Address of the access or of the jump target. */
    readonly address?: string
  }
  /** Steps of the run, with those of the BIOS, and the hash of the ROM: what the emulator recorded. */
  readonly steps?: number
  readonly romDigest?: string
  /** True when qemu-riscv64 ran the guest with this result. */
  readonly checkedWithQemu: boolean
  /** A longer run of the same guest: framed input records in hex, and its result. */
  readonly bench?: {
    readonly input: string
    readonly exitCode: number
    readonly outputs: readonly number[]
    readonly uart?: string
  }
}

export type Fixture = {
  readonly name: string
  readonly elf: Uint8Array
  /** Framed input records. */
  readonly input: Uint8Array | undefined
  readonly expected: Expected
}

/** Folder of the committed guests. */
export const FIXTURES_FOLDER: string = join(import.meta.dirname, '../../../elf-regressions')

/** All committed guests, by name. */
export function loadFixtures(): Fixture[] {
  return readdirSync(FIXTURES_FOLDER)
    .filter((name) => existsSync(join(FIXTURES_FOLDER, name, 'expected.json')))
    .sort()
    .map((name) => {
      const input = join(FIXTURES_FOLDER, name, 'input.bin')
      return {
        name,
        elf: readFileSync(join(FIXTURES_FOLDER, name, 'program.elf')),
        input: existsSync(input) ? readFileSync(input) : undefined,
        expected: JSON.parse(readFileSync(join(FIXTURES_FOLDER, name, 'expected.json'), 'utf8')) as Expected,
      }
    })
}
