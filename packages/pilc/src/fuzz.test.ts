import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processorMs } from '@zisk/core/processor-ms'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePil } from './compile-pil.ts'
import { formatDiagnostic } from './source/diagnostic.ts'

const SEED = 3141592
const PROGRAMS = fileURLToPath(new URL('./conformance/programs/', import.meta.url))
const CORPUS = readdirSync(PROGRAMS)
  .filter((name) => name.endsWith('.pil'))
  .map((name) => readFileSync(join(PROGRAMS, name), 'utf8'))

/** Small bounds, so that a random endless loop ends within the time of the test. */
const LIMITS = {
  steps: 20_000,
  rounds: 200_000,
  rows: 2 ** 16,
  arrayLength: 2 ** 16,
  expressions: 50_000,
  columns: 5000,
  cells: 100_000,
}

/** A program must give a result or diagnostics, within two seconds of processor time, and never anything else. */
function survives(text: string): void {
  const start = processorMs()
  const { pilout, diagnostics } = compilePil({ file: 'f.pil', sources: { 'f.pil': text }, limits: LIMITS })
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  expect(pilout === undefined).toBe(errors.length > 0)
  for (const diagnostic of diagnostics) expect(formatDiagnostic(diagnostic)).toContain(diagnostic.code)
  expect(processorMs() - start).toBeLessThan(2000)
}

const WORDS = [
  ...'+-*/%<>=!&|^?:;,.()[]{}\'@#`"$\\'.split(''),
  ...['===', '<==', '..', '...', '..+..', '..*..', '**', '++', '--', '+=', '&&', '||', '${', '/*', '*/', '//', '\n'],
  ...['col', 'witness', 'fixed', 'const', 'int', 'expr', 'string', 'function', 'airtemplate', 'airgroup', 'container'],
  ...['use', 'alias', 'virtual', 'if', 'else', 'for', 'while', 'do', 'switch', 'case', 'default', 'return', 'break'],
  ...['continue', 'on', 'final', 'air', 'proof', 'public', 'airval', 'challenge', 'stage', 'bits', 'commit', 'when'],
  ...['include', 'require', 'package', 'private', 'is', 'in', 'length', 'defined', 'degree', 'Tables', 'fill', 'error'],
  ...['N', 'BITS', 'x', 'y', 'f', 'T', 'G', '0', '1', '2', '7', '256', '0xFFFFFFFFFFFFFFFFFF', '"s"', '`t$' + '{x}`'],
  ...['#pragma transpile\n', '#pragma heights 2..4\n', 'airgroup G { T(); }', 'airtemplate T(const int N = 4) {'],
]

describe('grammar fuzz', () => {
  test('random words never crash the compiler', () => {
    const program = fc.array(fc.constantFrom(...WORDS), { maxLength: 120 }).map((words) => words.join(' '))
    fc.assert(fc.property(program, survives), { numRuns: 800, seed: SEED })
  })

  test('random characters never crash the compiler', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 250, seed: SEED })
  })

  test('conformance programs with random edits never crash the compiler', () => {
    const edit = fc.record({
      at: fc.nat(2000),
      remove: fc.nat(12),
      insert: fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 4 })),
    })
    fc.assert(
      fc.property(fc.constantFrom(...CORPUS), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
        let mutant = text
        for (const { at, remove, insert } of edits) {
          const place = at % (mutant.length + 1)
          mutant = mutant.slice(0, place) + insert + mutant.slice(place + remove)
        }
        survives(mutant)
      }),
      { numRuns: 1200, seed: SEED },
    )
  })

  test('deep nesting and long chains end in a result or a typed error', () => {
    const deep = 5000
    survives(`int x = ${'('.repeat(deep)}1${')'.repeat(deep)};`)
    survives(`int x = ${'-'.repeat(deep)}1;`)
    survives(`int x = ${'['.repeat(deep)}${']'.repeat(deep)};`)
    survives('{'.repeat(deep))
    survives(`int x = 1${' + 1'.repeat(20_000)};`)
    survives(`int x = 2${' ** 2'.repeat(deep)};`)
    survives(`int x = 1${' ? 1 : 1'.repeat(deep)};`)
    survives(`${'if (1) '.repeat(deep)}int y = 1;`)
    survives(`f(${'f('.repeat(deep)}`)
    survives('`${'.repeat(100))
    survives(
      `airtemplate T(const int N = 4) { col witness x; x${"'".repeat(deep)} === ${"'".repeat(deep)}x; } airgroup G { T(); }`,
    )
    survives('include "f.pil"')
    survives('while (1) {}')
    survives('int a[65536][65536]; for (int i = 0; 1; i++) { a[i % 65536][i / 65536] = i; }')
    survives('airtemplate T(const int N = 2 ** 16) { col fixed X; while (1) { X[0] = 1; } } airgroup G { T(); }')
    survives('string s = "a"; for (;;) { s += s; }')
    survives(
      'airtemplate T(const int N = 4) { col witness x; expr e = x; for (;;) { e = e * e + x; } } airgroup G { T(); }',
    )
    survives('airtemplate T(const int N = 4) { T(); } airgroup G { T(); }')
    survives('function f() { on final proof f(); g(); } function g() { on final proof g(); f(); } f();')
    survives(
      'airtemplate T(const int N = 4) { on final airgroup again(); } function again() { T(); T(); } airgroup G { T(); }',
    )
  })

  test('row offsets on an expression that they made longer end in a typed error', () => {
    const text =
      "airtemplate T(const int N = 4) { col witness x; expr e = x; for (;;) { e = e' + x; } } airgroup G { T(); }"
    const { diagnostics } = compilePil({
      file: 'f.pil',
      sources: { 'f.pil': text },
      limits: { ...LIMITS, shiftedNodes: 10_000 },
    })
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'PIL_LIMIT row offsets move more than 10000 expression nodes',
    ])
  })
})
