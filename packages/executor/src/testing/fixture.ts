import { existsSync, readFileSync } from 'node:fs'
import type { ZiskRom } from '@zisk/core'
import { readElf, transpile } from '@zisk/riscv2zisk'

/** A committed guest with its input. */
export interface FixtureProgram {
  readonly rom: ZiskRom
  readonly input: Uint8Array | undefined
}

/** Loads a guest of `elf-regressions`. */
export function fixtureProgram(name: string): FixtureProgram {
  const folder = new URL(`../../../../elf-regressions/${name}/`, import.meta.url)
  const input = new URL('input.bin', folder)
  return {
    rom: transpile(readElf(readFileSync(new URL('program.elf', folder)))),
    input: existsSync(input) ? readFileSync(input) : undefined,
  }
}
