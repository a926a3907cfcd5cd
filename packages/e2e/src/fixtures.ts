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

const ROOT = join(import.meta.dirname, '../../../elf-regressions')

/** All committed guests, by name. */
export function loadFixtures(): Fixture[] {
  return readdirSync(ROOT)
    .filter((name) => existsSync(join(ROOT, name, 'expected.json')))
    .sort()
    .map((name) => {
      const input = join(ROOT, name, 'input.bin')
      return {
        name,
        elf: readFileSync(join(ROOT, name, 'program.elf')),
        input: existsSync(input) ? readFileSync(input) : undefined,
        expected: JSON.parse(readFileSync(join(ROOT, name, 'expected.json'), 'utf8')) as Expected,
      }
    })
}
