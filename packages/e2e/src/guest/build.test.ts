import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildGuest } from '@zisk/build'
import { processorMs } from '@zisk/core/processor-ms'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { build, HOME, runGuest, writeFiles } from './build-and-run.ts'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk build '))
})
afterEach(() => rmSync(work, { recursive: true }))

const PROJECT = {
  'src/main.c': '#include "part.h"\n#include <zisk.h>\nint main(void) { zisk_commit_u32(part() + VALUE); return 0; }\n',
  'src/part.c': '#include "part.h"\nunsigned part(void) { return 1; }\n',
  'src/part.h': '#define VALUE 10\nunsigned part(void);\n',
}

describe('only what changed is built', () => {
  test('unchanged, touched, changed source, changed header, changed flags, lost outputs', async () => {
    writeFiles(work, PROJECT)
    const first = await build(work)
    expect(first.upToDate).toBe(false)
    expect((await runGuest(first.elf)).outputs).toEqual([11])

    const written = statSync(first.elf).mtimeMs
    const before = processorMs()
    const again = await build(work)
    const spent = processorMs() - before
    expect(again).toMatchObject({ upToDate: true, compiled: 0, elf: first.elf })
    // Of processor time, since no compiler runs: other jobs do not count.
    expect(spent).toBeLessThan(500)
    expect(statSync(first.elf).mtimeMs).toBe(written)

    const later = new Date(Date.now() + 60_000)
    utimesSync(join(work, 'src/part.h'), later, later)
    expect(await build(work)).toMatchObject({ upToDate: true, compiled: 0 })

    writeFiles(work, { 'src/part.c': '#include "part.h"\nunsigned part(void) { return 2; }\n' })
    expect(await build(work)).toMatchObject({ upToDate: false, compiled: 1 })
    expect((await runGuest(first.elf)).outputs).toEqual([12])

    writeFiles(work, { 'src/part.h': '#define VALUE 20\nunsigned part(void);\n' })
    expect(await build(work)).toMatchObject({ compiled: 2 })
    expect((await runGuest(first.elf)).outputs).toEqual([22])

    expect(await build(work, { optimize: 'size' })).toMatchObject({ compiled: 2 })
    expect(await build(work, { optimize: 'size', stackSize: 65536 })).toMatchObject({ compiled: 0, upToDate: false })

    rmSync(first.elf)
    expect(await build(work)).toMatchObject({ upToDate: false })
    writeFileSync(join(work, 'build/.zisk', first.name, 'state.json'), '{"elf": 1}')
    expect((await build(work)).upToDate).toBe(false)
    expect((await runGuest(first.elf)).outputs).toEqual([22])
  })

  test('the same sources give the same bytes in another folder', async () => {
    const [one, two] = ['one', 'two'].map((name) => join(work, name)) as [string, string]
    writeFiles(one, PROJECT)
    writeFiles(two, PROJECT)
    const elves = await Promise.all([build(one, { name: 'same' }), build(two, { name: 'same' })])
    expect(readFileSync(elves[0].elf).equals(readFileSync(elves[1].elf))).toBe(true)
  })
})

describe('what does not build leaves the older ELF', () => {
  test('a compile error: the compiler says it, the error carries it', async () => {
    writeFiles(work, { 'main.c': 'int main(void) { return 0; }\n' })
    const { elf } = await build(work)
    const before = readFileSync(elf)
    writeFiles(work, { 'main.c': 'int main(void) { return missing; }\n' })
    let said = ''
    const failure = buildGuest({
      path: work,
      home: HOME,
      onDiagnostics: (text) => {
        said += text
      },
    })
    await expect(failure).rejects.toMatchObject({ code: 'COMPILE_FAILED', where: join(work, 'main.c') })
    expect(said).toContain(`main.c:1:25: error: use of undeclared identifier 'missing'`)
    await expect(failure).rejects.toMatchObject({ details: { status: 1, output: said } })
    expect(readFileSync(elf).equals(before)).toBe(true)
  })

  test.each([
    [
      'a missing function',
      'void missing(void);\nint main(void) { missing(); return 0; }\n',
      'undefined symbol: missing',
    ],
    ['too much data', 'char a[1 << 30];\nint main(int n, char **v) { return a[n] + (v != 0); }\n', 'overflowed'],
  ])('%s is a link error', async (_name, source, part) => {
    writeFiles(work, { 'main.c': source })
    const failure = build(work)
    await expect(failure).rejects.toMatchObject({ code: 'LINK_FAILED' })
    await failure.catch((error) => expect(error.details.output).toContain(part))
    expect(existsSync(join(work, 'build'))).toBe(true)
  })

  test('main without a result does not compile', async () => {
    writeFiles(work, { 'main.c': 'int main(void) { }\n' })
    await expect(build(work)).rejects.toMatchObject({ code: 'COMPILE_FAILED' })
  })

  test('an output that cannot be written', async () => {
    writeFiles(work, { 'main.c': 'int main(void) { return 0; }\n', file: '' })
    await expect(build(work, { output: join(work, 'file/program.elf') })).rejects.toMatchObject({
      code: 'DIRECTORY_NOT_WRITABLE',
    })
  })

  test('cancelled', async () => {
    writeFiles(work, { 'main.c': 'int main(void) { return 0; }\n' })
    const failure = buildGuest({ path: work, home: HOME, signal: AbortSignal.abort() })
    await expect(failure).rejects.toMatchObject({ code: 'INTERRUPTED', exitStatus: 'interrupted' })
  })
})
