import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPO_ROOT } from '../workspace.ts'
import { build, type GuestRun, runGuest, writeFiles } from './build-and-run.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-typescript-'))
})
afterAll(() => rmSync(work, { recursive: true }))

/** A copy of a kernel's source in a folder of its own, so that the build leaves nothing behind. */
function kernel(name: string, ending: string): string {
  const path = join(work, `${name}-${ending}`, `${name}.${ending}`)
  mkdirSync(dirname(path), { recursive: true })
  copyFileSync(join(REPO_ROOT, 'packages/e2e/guests', name, `${name}.${ending}`), path)
  return path
}

const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)

describe('TypeScript against C', () => {
  /** Programs and their input. */
  const KERNELS: Readonly<Record<string, number>> = { sieve: 20_000, quicksort: 4000, matrix: 32, sha256: 40 }

  test('same outputs, at most 2.5 times the steps (geometric mean of integer and array kernels)', async () => {
    const ratios: Record<string, number> = {}
    for (const [name, size] of Object.entries(KERNELS)) {
      const run = async (ending: string): Promise<GuestRun> => {
        const { elf } = await build(kernel(name, ending), {
          output: join(work, `${name}-${ending}.elf`),
        })
        return runGuest(elf, [u32(size)])
      }
      const [c, ts] = [await run('c'), await run('ts')]
      expect(ts).toMatchObject({ exitCode: 0, outputs: c.outputs })
      expect(c.outputs.length).toBeGreaterThan(0)
      ratios[name] = ts.execution.outcome.steps / c.execution.outcome.steps
    }
    const product = Object.values(ratios).reduce((a, b) => a * b)
    const mean = product ** (1 / Object.keys(ratios).length)
    expect(mean, `steps of TypeScript / steps of C: ${JSON.stringify(ratios)}`).toBeLessThanOrEqual(2.5)
  })

  test('the kernel of SHA-256 is SHA-256', async () => {
    const { elf } = await build(kernel('sha256', 'ts'), {
      output: join(work, 'sha256.elf'),
    })
    const { outputs } = await runGuest(elf, [u32(1)])
    const digest = createHash('sha256').update(new Uint8Array(32)).digest()
    expect(outputs).toEqual(Array.from(new Uint32Array(new Uint8Array(digest).buffer)))
  })
})

describe('the guest library in TypeScript', () => {
  const program = async (name: string, source: string, records: readonly Uint8Array[] = []): Promise<GuestRun> => {
    writeFiles(work, { [`${name}/src/main.ts`]: source })
    return runGuest((await build(join(work, name))).elf, records)
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
