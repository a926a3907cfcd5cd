import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, type GuestRun, runGuest, writeFiles } from './build-and-run.ts'
import { COST_GROUPS, geometricMean, measureKernel, runKernel } from './typescript-cost.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-typescript-'))
})
afterAll(() => rmSync(work, { recursive: true }))

describe('TypeScript against C', () => {
  test.each(COST_GROUPS)('$title: same outputs, at most $limit times the steps', async ({ limit, kernels }) => {
    const ratios: Record<string, number> = {}
    for (const kernel of kernels) {
      const { c, typescript } = await measureKernel(work, kernel)
      ratios[kernel.name] = typescript / c
    }
    expect(geometricMean(Object.values(ratios)), JSON.stringify(ratios)).toBeLessThanOrEqual(limit)
  })

  test('the kernel of SHA-256 is SHA-256', async () => {
    const { outputs } = await runKernel(work, { name: 'sha256', size: 1 }, 'ts')
    const digest = createHash('sha256').update(new Uint8Array(32)).digest()
    expect(outputs).toEqual(Array.from(new Uint32Array(new Uint8Array(digest).buffer)))
  })
})

describe('the guest library in TypeScript', () => {
  const program = async (name: string, source: string, records: readonly Uint8Array[] = []): Promise<GuestRun> => {
    writeFiles(work, { 'program/src/main.ts': source })
    return runGuest((await build(join(work, 'program'), { output: join(work, `${name}.elf`) })).elf, records)
  }

  test.each([
    ['throw', "throw new Error('on purpose')", 'panic: on purpose at src/main.ts:1:1'],
    ['assert', "assert(false, 'must not be')", 'panic: must not be at src/main.ts:1:1'],
    ['array', 'const a = [1]; console.log(a[<i32>a.length].toString())', 'panic: Index out of range at ~lib/array.ts'],
  ])('%s ends the run with exit code 101 and a message', async (name, source, message) => {
    const { exitCode, text } = await program(name, source)
    expect(text).toContain(message)
    expect(exitCode).toBe(101)
  })
})
