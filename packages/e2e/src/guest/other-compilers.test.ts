import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BuildError, buildGuest, type CCompilerName } from '@zisk/build'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOME, runGuest, writeFiles } from './build-and-run.ts'

// Compilers of the machine's owner. `.ci/run` installs them and demands them; elsewhere these tests run where they are, and
// say what is missing where they are not.

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk other '))
})
afterAll(() => rmSync(work, { recursive: true }))

/** Floating point of both sizes, conversions, and integers of 128 bits: what compilers call functions for. */
const ARITHMETIC = `#include <stdio.h>
#include <zisk.h>
int main(void) {
  volatile double x = zisk_read_u32();
  volatile float y = 0.5f;
  x = (x + 0.25) * 3.0 / (double)y - 1.0;
  zisk_commit_u64((uint64_t)(x * 1000));
  volatile unsigned __int128 wide = ((unsigned __int128)zisk_read_u64() << 64) | 5;
  zisk_commit_u64((uint64_t)(wide / 7));
  printf("%d\\n", x > 40.0);
  return 0;
}
`
const RECORDS = [Uint8Array.of(7, 0, 0, 0), Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0)]
const WIDE = ((9n << 64n) | 5n) / 7n
const EXPECTED = [42500, 0, Number(WIDE & 0xffff_ffffn), Number((WIDE >> 32n) & 0xffff_ffffn)]

function build(toolchain: CCompilerName, env: NodeJS.ProcessEnv = process.env): ReturnType<typeof buildGuest> {
  writeFiles(work, { 'arithmetic.c': ARITHMETIC })
  const config = { toolchain, output: join(work, `${toolchain}.elf`) }
  return buildGuest({ path: join(work, 'arithmetic.c'), config, home: HOME, env, install: false })
}

/** The first of some programs that there is. */
function onPath(...names: readonly string[]): string | undefined {
  const folders = process.env['PATH']!.split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** Whether a compiler is missing that may be; says so. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || (error as BuildError).code !== 'TOOLCHAIN_MISSING') return false
  expect(process.env['CI'], error.message).toBeUndefined()
  console.warn(`not tested: ${error.message}`)
  return true
}

describe.each(['clang', 'gcc'] as const)('%s', (toolchain) => {
  test('links floating point and wide integers', async () => {
    const built = await build(toolchain).catch((error: unknown) => error)
    if (isMissing(built)) return
    expect(built).toMatchObject({ toolchain: { name: toolchain, version: expect.stringContaining(toolchain) } })
    const run = await runGuest(join(work, `${toolchain}.elf`), RECORDS)
    expect(run).toMatchObject({ exitCode: 0, outputs: EXPECTED, text: '1\n' })
    expect(await build(toolchain)).toMatchObject({ upToDate: true })
  })
})

test('clang alone: an error that names what is missing', async () => {
  const path = join(work, 'bin')
  mkdirSync(path)
  const clang = onPath('clang', 'clang-19', 'clang-14')
  if (clang === undefined) return
  symlinkSync(clang, join(path, 'clang'))
  const linker = onPath('ld.lld', 'ld.lld-19', 'ld.lld-14')
  if (linker !== undefined) symlinkSync(linker, join(path, 'ld.lld'))
  await expect(build('clang', { ...process.env, PATH: path })).rejects.toMatchObject({
    code: 'TOOLCHAIN_MISSING',
    message: expect.stringMatching(/^functions for floating point .* got none of __adddf3, .*__udivti3/),
    remedy: expect.stringContaining('Build without --toolchain'),
  })
})
