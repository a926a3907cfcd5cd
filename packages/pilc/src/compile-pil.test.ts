import { validatePilout } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { compilePil, compilePilOrThrow } from './compile-pil.ts'

const FIBONACCI = `
public out;
airtemplate Fibonacci(const int N = 2**4) {
  col fixed L1 = [1, 0...];
  col fixed LAST = [0:(N - 1), 1];
  col witness bits(64) a, b;
  airval result;
  L1 * (a - 1) === 0;
  (1 - LAST) * (a' - b) === 0;
  (1 - LAST) * (b' - a - b) === 0;
  LAST * (b - result) === 0;
}
airgroup Main { Fibonacci(N: 2**8) alias Fib; }
`

describe('compilePil', () => {
  test('compiles a whole program into a valid model', () => {
    const pilout = compilePilOrThrow({ file: 'fib.pil', sources: { 'fib.pil': FIBONACCI } })
    validatePilout(pilout)
    const air = pilout.airGroups[0]!.airs[0]!
    expect(pilout.name).toBe('fib')
    expect([air.name, air.template, air.rows]).toEqual(['Fib', 'Fibonacci', 256])
    expect(air.witness.map((column) => column.name)).toEqual(['a', 'b'])
    expect(air.constraints.map((constraint) => constraint.label)).toContain("(1 - LAST) * (a' - b) === 0")
    expect(air.constraints[0]!.source).toEqual({ file: 0, line: 8, column: 3 })
  })

  test('a file required before is known by its name also where a search does not find it', () => {
    const sources = {
      'main.pil': 'require "a/user.pil"; require "b/user.pil"; println(SHARED);',
      'a/user.pil': 'require "shared.pil"',
      'a/shared.pil': 'const int SHARED = 5;',
      'b/user.pil': 'require "shared.pil"; include "shared.pil"',
    }
    const printed: string[] = []
    const { diagnostics } = compilePil({ file: 'main.pil', sources, output: (line) => void printed.push(line) })
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.file, diagnostic.column])).toEqual([
      ['PIL_FILE_NOT_FOUND', 'b/user.pil', 31],
    ])
    expect(printed).toEqual(['5'])
  })

  test('the standard library is found without a folder, and a named folder takes its place', () => {
    const text = 'require "std_lookup.pil"; println(STD_MAX_FIELDS);'
    const printed: string[] = []
    const output = (line: string) => void printed.push(line)
    expect(compilePil({ file: 'main.pil', sources: { 'main.pil': text }, output }).diagnostics).toEqual([])
    const sources = { 'main.pil': text, 'other/std_lookup.pil': 'const int STD_MAX_FIELDS = 7;' }
    expect(compilePil({ file: 'main.pil', sources, include: ['other'], output }).diagnostics).toEqual([])
    expect(printed).toEqual(['64', '7'])
  })

  test('a missing root file is a diagnostic', () => {
    const { pilout, diagnostics } = compilePil({ file: '/no/such/file.pil' })
    expect(pilout).toBeUndefined()
    expect(diagnostics[0]!.code).toBe('PIL_FILE_NOT_FOUND')
  })
})
