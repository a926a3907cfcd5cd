import { readFileSync } from 'node:fs'
import { createChecker, formatReport } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { describe, expect, test } from 'vitest'
import { compileWithOracles, witnessWithOracles } from './testing/oracle.ts'

const program = compileWithOracles()
const checker = createChecker(program)

function fixture(name: string): { readonly rom: ZiskRom } {
  const folder = new URL(`../../../elf-regressions/${name}/`, import.meta.url)
  return { rom: transpile(readElf(readFileSync(new URL('program.elf', folder)))) }
}

describe('an honest run holds', () => {
  test.each(['exit-code', 'rv64i-alu'])('%s', async (name) => {
    const { rom } = fixture(name)
    const run = await witnessWithOracles(program, rom)
    const report = checker.check(run.witness, { sums: true })
    expect(formatReport(report)).toContain('all hold')
    expect(report.ok).toBe(true)
  })
})
