import { existsSync, readFileSync } from 'node:fs'
import type { InputSource } from '../input.ts'
import { type LoadProgramOptions, loadProgram, type Program } from '../program.ts'

/** A committed guest with its input. */
export interface Fixture {
  readonly program: Program
  readonly input: InputSource | undefined
}

/** Loads a guest of `elf-regressions`. */
export function loadFixture(name: string, options: LoadProgramOptions = {}): Fixture {
  const folder = new URL(`../../../../elf-regressions/${name}/`, import.meta.url)
  const input = new URL('input.bin', folder)
  return {
    program: loadProgram(readFileSync(new URL('program.elf', folder)), options),
    input: existsSync(input) ? { kind: 'framed', bytes: readFileSync(input) } : undefined,
  }
}
