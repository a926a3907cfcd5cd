import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildGuest } from '@zisk/build'
import { translatorFolder } from '@zisk/wasm2c'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPO_ROOT } from '../workspace.ts'
import { build, type GuestRun, HOME, runGuest, writeFiles } from './build-and-run.ts'
import { runAsJavaScript } from './run-as-javascript.ts'
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

test('Map, Set, strings, UTF-8, arrays, numbers and classes print what they print in Node', async () => {
  const source = join(REPO_ROOT, 'packages/e2e/guests/corpus')
  cpSync(source, join(work, 'corpus'), { recursive: true })
  const { text, exitCode } = await runGuest((await build(join(work, 'corpus'))).elf)
  expect(text.split('\n')).toEqual((await runAsJavaScript(join(source, 'main.ts'))).split('\n'))
  expect(text.split('\n').length).toBeGreaterThan(140)
  expect(exitCode).toBe(0)
})

/** One project for all programs, which share the objects of the guest library. */
const write = (source: string): void => writeFiles(work, { 'program/src/main.ts': source })

describe('what ends a run', () => {
  /** Each way by its number, which the input gives. */
  const WAYS: readonly (readonly [name: string, statement: string, message: string])[] = [
    ['throw', "throw new Error('on purpose')", 'panic: on purpose at src/main.ts:'],
    ['throw of text that is not ASCII', "throw new RangeError('zu groß 😀')", 'panic: zu groß 😀 at src/main.ts:'],
    ['an error without a message', 'throw new Error()', 'panic: abort at src/main.ts:'],
    ['assert', "assert(one > 1, 'must not be')", 'panic: must not be at src/main.ts:'],
    ['an index behind an array', 'sink = [1, 2][one + 2]', 'panic: Index out of range at ~lib/array.ts'],
    ['a negative index', 'sink = new Uint8Array(3)[-one]', 'panic: Index out of range at ~lib/typedarray.ts'],
    ['a key that is not there', 'sink = new Map<i32, i32>().get(one)', 'panic: Key does not exist at ~lib/map.ts'],
    ['null', 'sink = nothing(one)!.value', "panic: Unexpected 'null' (not assigned or failed cast) at src/main.ts:"],
    ['pop of nothing', 'sink = new Array<i32>().pop()', 'panic: Array is empty at ~lib/array.ts'],
    ['a length that is too large', 'sink = new Uint8Array(one << 30).length', 'panic: Invalid length at ~lib/'],
    ['division by zero', 'sink = 7 / (one - 1)', 'panic: divide by zero'],
    [
      'the one quotient that does not fit',
      'sink = (i32.MIN_VALUE * one) / -one',
      'panic: divide result unrepresentable',
    ],
    ['recursion without end', 'sink = deep(one)', 'panic: Maximum call stack size exceeded'],
    ['unreachable', 'unreachable()', 'panic: unreachable'],
    ['an address outside the memory', 'sink = load<i32>(one << 30)', 'panic: memory access out of bounds'],
    ['more memory than there is', 'sink = fill()', 'panic: unreachable (out of memory: 262144 KiB is all there is)'],
    ['panic', "panic('enough')", 'panic: enough'],
    ['a number of another size', 'sink = <i32>readU64()', 'panic: input record expected 8 bytes, got 4'],
    ['too much output', 'commit(new Uint8Array(257))', 'panic: public output expected at most 256 bytes, got 257'],
    ['an output word that is not there', 'setOutput(64, 1)', 'panic: public output word expected below 64, got 64'],
  ]
  let elf = ''
  beforeAll(async () => {
    write(`import { commit, panic, readU32, readU64, setOutput } from '@zisk/guest/assembly'
class Box { value: i32 = 1 }
let sink: i32 = 0
const kept: ArrayBuffer[] = []
function nothing(one: i32): Box | null { return one > 1 ? new Box() : null }
function deep(n: i32): i32 { return n == 0 ? 1 : (deep(n + 1) * 31) ^ n }
function fill(): i32 { while (true) kept.push(new ArrayBuffer(1 << 20)); return 0 }
export function main(): i32 {
  const way = readU32()
  const one = <i32>readU32()
  switch (way) {
${WAYS.map(([, statement], i) => `    case ${i}: { ${statement}; break }`).join('\n')}
    default: break
  }
  return sink & 1
}
`)
    elf = (await build(join(work, 'program'))).elf
  })

  test.each(WAYS.map(([name, , message], i) => [name, i, message] as const))('%s', async (_name, way, message) => {
    const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)
    const { text, exitCode } = await runGuest(elf, [u32(way), u32(1), u32(5)])
    expect(text).toContain(message)
    expect(exitCode).toBe(101)
  })
})

describe('the guest library in TypeScript', () => {
  const run = async (source: string, records: readonly Uint8Array[] = []): Promise<GuestRun> => {
    write(source)
    return runGuest((await build(join(work, 'program'))).elf, records)
  }

  test('records, public output, text, exit', async () => {
    const source = `import { commit, commitU32, commitU64, exit, print, read, readU32, readU64, setOutput, write } from '@zisk/guest/assembly'
const text = String.UTF8.decode(read().buffer)
print(text + '|')
write(Uint8Array.wrap(String.UTF8.encode(text.split('').reverse().join(''))))
commitU32(readU32())
commitU64(readU64())
commit(read())
setOutput(63, 0xffffffff)
console.log('|' + read().length.toString() + ' bytes behind the end')
exit(7)
console.log('not reached')
`
    const records = [
      Buffer.from('Grüße €'),
      new Uint8Array([1, 2, 3, 0x84]),
      new Uint8Array([9, 8, 7, 6, 5, 4, 3, 0xf2]),
      new Uint8Array([0xaa, 0xbb, 0xcc, 0xdd, 0xee]),
    ]
    const { text, exitCode, outputs } = await run(source, records)
    expect(text).toBe('Grüße €|€ eßürG|0 bytes behind the end\n')
    expect(exitCode).toBe(7)
    expect(outputs).toHaveLength(64)
    expect(outputs.slice(0, 6)).toEqual([0x84030201, 0x06070809, 0xf2030405, 0xddccbbaa, 0xee, 0])
    expect(outputs[63]).toBe(0xffffffff)
  })

  test('UTF-8 that is damaged, and halves of pairs', async () => {
    const source = `import { read, commit } from '@zisk/guest/assembly'
const text = String.UTF8.decode(read().buffer)
console.log(text.length.toString())
console.log(String.fromCharCode(0xd800) + '.' + String.fromCharCode(0xdc00) + '.' + String.fromCharCode(0xd83d, 0xde00))
commit(Uint8Array.wrap(String.UTF8.encode('😀'.substring(0, 1), false, String.UTF8.ErrorMode.REPLACE)))
`
    const { text, exitCode, outputs } = await run(source, [new Uint8Array([0x61, 0xff, 0x80, 0x62])])
    expect(text.split('\n')[1]).toBe('\ufffd.\ufffd.😀')
    expect(outputs).toEqual([0xbdbfef])
    expect(exitCode).toBe(0)
  })

  test('a collecting runtime, chosen by flags, runs in memory that would not do without', async () => {
    const source = `let total = 0
for (let i = 0; i < 3000; i++) total += new Uint8Array(100000 + i).length & 1
console.log(total.toString())
`
    write(source)
    const without = await runGuest((await build(join(work, 'program'))).elf)
    expect(without.text).toContain('out of memory')
    const collected = await build(join(work, 'program'), { flags: ['--runtime', 'incremental'] })
    expect(await runGuest(collected.elf)).toMatchObject({ text: '1500\n', exitCode: 0 })
  })
})

test('an unchanged program is not built again; the translation depends on the translator, of which there may be another', async () => {
  write('console.log("same")\n')
  const { name } = await build(join(work, 'program'))
  expect(await build(join(work, 'program'))).toMatchObject({ upToDate: true, compiled: 0 })
  const state = JSON.parse(readFileSync(join(work, 'program/build/.zisk', name, 'state.json'), 'utf8'))
  const inputs: string[] = state.c.inputs.map(({ path }: { path: string }) => path)
  expect(inputs).toEqual(expect.arrayContaining([join(work, 'program/src/main.ts')]))
  expect(inputs.filter((path) => path.startsWith(translatorFolder())).length).toBeGreaterThan(0)
})

describe('what does not compile', () => {
  const failure = async (source: string): Promise<{ error: unknown; said: string }> => {
    write(source)
    let said = ''
    const onDiagnostics = (text: string): void => {
      said += text
    }
    try {
      await buildGuest({ path: join(work, 'program'), home: HOME, onDiagnostics })
    } catch (error) {
      return { error, said }
    }
    throw new Error('a failed build expected')
  }

  test.each([
    ['a wrong type', "let a: i32 = 1\nlet b: string = 'x'\na = b\n", 'src/main.ts(3,5)', 'TS2322'],
    ['a syntax error', 'let a: i32 = \nexport {\n', 'src/main.ts(2,1)', 'TS1109'],
    ['an unknown name', 'missing()\n', 'src/main.ts(1,1)', 'TS2304'],
    ['an unknown module', "import { x } from './nowhere'\nx()\n", 'src/main.ts(1,19)', 'TS6054'],
  ])('%s: the message of AssemblyScript with its place', async (_name, source, place, code) => {
    const { error, said } = await failure(source)
    expect(error).toMatchObject({ code: 'COMPILE_FAILED', exitStatus: 'failed', details: { output: said } })
    expect(said).toContain(code)
    expect(said).toContain(`in ${place}`)
  })

  test.each([
    ['random numbers', 'console.log(Math.random().toString())\n', 'env.seed'],
    ['the time', 'console.log(Date.now().toString())\n', 'env.Date.now'],
    [
      'a function that is declared only',
      '@external("env", "fetch") declare function fetch(): i32\nfetch()\n',
      'env.fetch',
    ],
  ])('%s', async (_name, source, name) => {
    const { error } = await failure(source)
    expect(error).toMatchObject({
      code: 'WASM_IMPORT_UNKNOWN',
      exitStatus: 'failed',
      message: expect.stringContaining(name),
      remedy: expect.stringContaining('env.console.log'),
    })
  })
})
