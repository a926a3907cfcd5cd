import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInstance, decodePilout, encodePilout, encodeWitness, piloutFromJson } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'

const PIL = join(import.meta.dirname, '../../../../pil')
const FIBONACCI = join(PIL, 'examples/fibonacci.pil')
const MACHINE = join(PIL, 'examples/machine.pil')
const INCLUDE = ['-I', join(PIL, 'std')]

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-pil-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(work, name)
  writeFileSync(path, content)
  return path
}

/** A Fibonacci witness of 16 rows; `spoil` changes one cell. */
function fibonacciWitness(spoil: boolean): Uint8Array {
  const program = compilePilOrThrow({ file: FIBONACCI })
  const instance = createInstance(program, { air: 'Fibonacci', rows: 16 })
  const [a, b] = instance.witness as [BigUint64Array, BigUint64Array]
  a[0] = 1n
  b[0] = 1n
  for (let row = 1; row < 16; row++) {
    a[row] = b[row - 1]!
    b[row] = a[row - 1]! + b[row - 1]!
  }
  const publics = [1n, 1n, b[15]!]
  if (spoil) b[7]! += 1n
  return encodeWitness(program, { instances: [instance], publics, proofValues: [] })
}

describe('pil compile', () => {
  test('an error shows file, line, column and a caret, and JSON carries it', async () => {
    const bad = file('bad.pil', 'airgroup X {\n  Missing();\n}\n')
    const text = await runInProcess(['pil', 'compile', bad])
    expect(text.status).toBe(1)
    expect(text.stderr).toMatch(/bad\.pil:2:3: error: .*Missing/)
    expect(text.stderr).toContain('^')
    expect(text.stderr).toContain('error[PIL_COMPILE_FAILED]')
    const document = JSON.parse((await runInProcess(['pil', 'compile', bad, '--json'])).stdout)
    expect(document.error.details.errors[0]).toMatchObject({ line: 2, column: 3 })
  })

  test('binary and JSON outputs hold the same program', async () => {
    const binary = join(work, 'fib.pilout')
    const json = join(work, 'fib.json')
    expect((await runInProcess(['pil', 'compile', FIBONACCI, '-o', binary])).status).toBe(0)
    expect((await runInProcess(['pil', 'compile', FIBONACCI, '-o', json, '--format', 'json'])).status).toBe(0)
    const bytes = new Uint8Array(readFileSync(binary))
    expect(encodePilout(piloutFromJson(JSON.parse(readFileSync(json, 'utf8'))))).toEqual(bytes)
    expect(decodePilout(bytes).airGroups[0]?.airs[0]?.name).toBe('Fibonacci')
  })

  test('--fixed and --columns write a file per column and AIR', async () => {
    await runInProcess(['pil', 'compile', FIBONACCI, '--fixed', join(work, 'fixed'), '--columns', join(work, 'gen')])
    const l1 = readFileSync(join(work, 'fixed/Fibonacci.L1.bin'))
    expect([l1.length, l1.readBigUInt64LE(0), l1.readBigUInt64LE(8)]).toEqual([16 * 8, 1n, 0n])
    expect(readFileSync(join(work, 'gen/Fibonacci.columns.gen.ts'), 'utf8')).toContain('interface FibonacciColumns')
  })
})

test('--fixed leaves out columns whose file is not there, and says so', async () => {
  const text = `airtemplate T(const int N = 4) {
    col fixed BEFORE = [1, 0...];
    #pragma extern_fixed_file "nowhere.bin"
    col fixed OP;
    col witness x;
    x * OP === BEFORE;
  }
  airgroup G { T(); }`
  const folder = join(work, 'external')
  const { status, stderr } = await runInProcess(['pil', 'compile', file('external.pil', text), '--fixed', folder])
  expect(status).toBe(0)
  expect(stderr).toMatch(/warning: nowhere\.bin does not exist[\s\S]*T\.OP is not written/)
  expect(readdirSync(folder)).toEqual(['T.BEFORE.bin'])
})

describe('pil info', () => {
  test('lists AIRs and buses, from source and from the compiled program', async () => {
    const compiled = join(work, 'machine.pilout')
    await runInProcess(['pil', 'compile', MACHINE, ...INCLUDE, '-o', compiled])
    const fromSource = await runInProcess(['pil', 'info', MACHINE, ...INCLUDE, '--json'])
    const fromCompiled = await runInProcess(['pil', 'info', compiled, '--json'])
    expect(JSON.parse(fromCompiled.stdout)).toEqual(JSON.parse(fromSource.stdout))
    expect(JSON.parse(fromSource.stdout)).toMatchObject({
      ok: true,
      airs: [{ name: 'Cpu' }, { name: 'Alu' }, {}],
      buses: expect.arrayContaining([expect.objectContaining({ name: 'alu', proves: ['Alu'], assumes: ['Cpu'] })]),
    })
    expect((await runInProcess(['pil', 'info', MACHINE, ...INCLUDE])).stdout).toMatch(/^AIR +rows .*cells\/row\nCpu /)
  })

  test('compiles the machine without a folder named: the program names its own', async () => {
    const { status, stdout } = await runInProcess(['pil', 'info', join(PIL, 'zisk.pil'), '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout).airs[0]).toMatchObject({ name: 'Main' })
  })

  test('--max-degree weighs added columns against pieces of the quotient', async () => {
    const cells = async (...options: string[]): Promise<number> =>
      JSON.parse((await runInProcess(['pil', 'info', FIBONACCI, '--json', ...options])).stdout).airs[0].cellsPerRow
    // Two columns and constraints of degree 2: one piece of the quotient is enough.
    expect([await cells(), await cells('--max-degree', '5')]).toEqual([8, 5])
    const refused = await runInProcess(['pil', 'info', FIBONACCI, '--max-degree', '1'])
    expect(refused.stderr).toMatch(/^error\[BAD_OPTION_VALUE\].*from 2 to 17/)
  })

  test('tells which buses are products', async () => {
    const { stdout } = await runInProcess(['pil', 'info', join(dirname(MACHINE), 'product.pil'), ...INCLUDE, '--json'])
    const kinds: unknown[] = JSON.parse(stdout).buses.map((bus: { kind: unknown }) => bus.kind)
    expect(kinds).toContain('product')
    const connection = join(dirname(MACHINE), 'connection.pil')
    const local = await runInProcess(['pil', 'info', connection, ...INCLUDE])
    expect(local.stdout).toMatch(/ local /)
  })

  test('bytes that are no program are a typed error', async () => {
    const { status, stderr } = await runInProcess(['pil', 'info', file('noise.pilout', 'not a program')])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error\[PILOUT_ENCODING_INVALID\]/)
    expect((await runInProcess(['pil', 'info', file('noise.json', '{')])).stderr).toMatch(/^error\[NOT_JSON\]/)
  })
})

describe('pil check', () => {
  test('a good witness passes', async () => {
    const { status } = await runInProcess(['pil', 'check', FIBONACCI, file('good.bin', fibonacciWitness(false))])
    expect(status).toBe(0)
  })

  test('one changed cell is reported with row, constraint and line; status 1', async () => {
    const witness = file('spoilt.bin', fibonacciWitness(true))
    const { status, stdout } = await runInProcess(['pil', 'check', FIBONACCI, witness])
    expect(status).toBe(1)
    expect(stdout).toContain("(1 - L1') * (b' - (a + b)) === 0")
    expect(stdout).toMatch(/fibonacci\.pil:\d+/)
    const document = JSON.parse((await runInProcess(['pil', 'check', FIBONACCI, witness, '--json'])).stdout)
    expect(document).toMatchObject({ ok: false, command: 'pil check' })
    expect(document.failureCount).toBeGreaterThan(0)
  })
})

describe('what a user gets wrong', () => {
  const witness = (): string => file('any.bin', fibonacciWitness(false))

  test.each<[string, () => string[], number, RegExp]>([
    ['a program that is not there', () => ['info', join(work, 'no.pil')], 2, /^error\[FILE_NOT_FOUND\]/],
    ['a folder as program', () => ['info', work], 2, /^error\[NOT_A_FILE\]/],
    [
      'a folder of includes that is none',
      () => ['info', FIBONACCI, '-I', join(work, 'none')],
      2,
      /^error\[FOLDER_NOT_FOUND\].*\n.*none\n.*-I/,
    ],
    [
      'an include that is not there',
      () => ['info', file('inc.pil', 'require "nope.pil"\n')],
      1,
      /inc\.pil:1:9: error: cannot find "nope\.pil"[\s\S]*\^\^\^[\s\S]*add its folder with -I/,
    ],
    ['a witness that is not there', () => ['check', FIBONACCI, join(work, 'no.bin')], 2, /^error\[FILE_NOT_FOUND\]/],
    [
      'bytes that are no witness',
      () => ['check', FIBONACCI, file('noise.bin', 'noise, noise, noise')],
      1,
      /^error\[WITNESS_ENCODING_INVALID\][\s\S]*noise\.bin: byte/,
    ],
    [
      'a witness for another program',
      () => ['check', MACHINE, witness()],
      1,
      /^error\[WITNESS_SHAPE_INVALID\][\s\S]*any/,
    ],
    ['no witness', () => ['check', FIBONACCI], 2, /^error\[USAGE\]: missing required argument 'witness'/],
    [
      'an output folder inside a file',
      () => ['compile', FIBONACCI, '--fixed', join(witness(), 'fixed')],
      1,
      /^error\[FILE_NOT_WRITABLE\]/,
    ],
  ])('%s: one typed error, also as one JSON document', async (_, args, status, message) => {
    const text = await runInProcess(['pil', ...args()])
    expect([text.status, text.stdout]).toEqual([status, ''])
    expect(text.stderr).toMatch(message)
    const json = await runInProcess(['pil', ...args(), '--json'])
    expect(json.status).toBe(status)
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, error: { code: expect.any(String) } })
  })

  test('an error inside a function shows the trail of calls, and several errors come in one run', async () => {
    const bad = file(
      'trail.pil',
      [
        'function inner(const expr e) { e * abd === 0; }',
        'function outer(const expr e) { inner(e); }',
        'airtemplate T(const int N = 4) {',
        '  col witness abc;',
        '  outer(abc);',
        '  abc === xyzzy;',
        '}',
        'airgroup G { T(); }',
      ].join('\n'),
    )
    const { status, stderr } = await runInProcess(['pil', 'info', bad])
    expect(status).toBe(1)
    expect(stderr).toMatch(/trail\.pil:1:36: error: unknown name abd/)
    expect(stderr).toMatch(/in function inner, from .*trail\.pil:2:32\n.*in function outer, from .*trail\.pil:5:3/)
    expect(stderr).toMatch(/trail\.pil:6:11: error: unknown name xyzzy/)
  })
})
