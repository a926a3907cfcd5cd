import { describe, expect, test } from 'vitest'
import { wasmToC } from './translate-module.ts'

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content]
/** Types `() -> ()`, `() -> i32`, `(i32) -> ()`, `() -> (i32, i32)`. */
const TYPES = section(1, 4, 0x60, 0, 0, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 0, 0x60, 0, 2, 0x7f, 0x7f)
/** One function of a type with a body behind its locals. */
const code = (type: number, ...body: number[]): number[] => [
  ...section(3, 1, type),
  ...section(10, 1, body.length + 2, 0, ...body, 0x0b),
]
const exportMain = section(7, 1, 4, 0x6d, 0x61, 0x69, 0x6e, 0, 0)
const translate = (...sections: number[][]): string =>
  wasmToC(new Uint8Array([...HEADER, ...sections.flat()]), {
    imports: { 'a.b': { symbol: 'ab', type: 'i_' } },
    maxPages: 4,
  })

describe('what is not translated is refused', () => {
  test.each([
    ['no bytes', () => wasmToC(new Uint8Array(), { imports: {}, maxPages: 1 }), 'WASM_INVALID'],
    ['a section that ends early', () => translate([1, 5, 0]), 'WASM_INVALID'],
    ['a value of a wrong type', () => translate(TYPES, code(1, 0x42, 0)), 'WASM_INVALID'],
    [
      'several results of an indirect call',
      () =>
        translate(
          TYPES,
          section(3, 1, 0),
          section(4, 1, 0x70, 0, 1),
          section(10, 1, 9, 0, 0x41, 0, 0x11, 3, 0, 0x1a, 0x1a, 0x0b),
        ),
      'WASM_UNSUPPORTED',
    ],
    ['several results', () => translate(TYPES, code(3, 0x41, 1, 0x41, 2)), 'WASM_UNSUPPORTED'],
    ['a vector', () => translate(section(1, 1, 0x60, 1, 0x7b, 0)), 'WASM_UNSUPPORTED'],
    ['a vector instruction', () => translate(TYPES, code(0, 0xfd, 12, ...Array(16).fill(0), 0x1a)), 'WASM_UNSUPPORTED'],
    [
      'one that cannot be reached',
      () => translate(TYPES, code(0, 0, 0xfd, 12, ...Array(16).fill(0), 0x1a)),
      'WASM_UNSUPPORTED',
    ],
    ['a shared memory', () => translate(section(5, 1, 3, 1, 1)), 'WASM_UNSUPPORTED'],
    ['too large a memory', () => translate(section(5, 1, 0, 5)), 'WASM_UNSUPPORTED'],
    ['an imported memory', () => translate(section(2, 1, 1, 0x61, 1, 0x62, 2, 0, 1)), 'WASM_UNSUPPORTED'],
    ['an unknown import', () => translate(TYPES, section(2, 1, 1, 0x61, 1, 0x63, 0, 2)), 'WASM_IMPORT_UNKNOWN'],
    ['a name of Object', () => translate(TYPES, section(2, 1, 1, 0x61, 1, 0x62, 0, 0)), 'WASM_IMPORT_UNKNOWN'],
    [
      'a main with a parameter',
      () => translate(TYPES, section(3, 1, 2), exportMain, section(10, 1, 2, 0, 0x0b)),
      'WASM_UNSUPPORTED',
    ],
    [
      'a passive element segment',
      () => translate(section(4, 1, 0x70, 0, 1), section(9, 1, 1, 0, 0)),
      'WASM_UNSUPPORTED',
    ],
    [
      'locals without end',
      () => translate(TYPES, section(3, 1, 0), section(10, 1, 6, 1, 0xd1, 0x86, 3, 0x7f, 0x0b)),
      'WASM_INVALID',
    ],
  ])('%s', (_name, act, code) => {
    expect(act).toThrow(expect.objectContaining({ name: 'WasmError', code, remedy: expect.stringMatching(/./) }))
  })

  test('every damaged byte gives C or a typed error', () => {
    const bytes = [...HEADER, TYPES, section(5, 1, 0, 1), code(1, 0x41, 0, 0x28, 2, 4, 0x41, 7, 0x6e)].flat()
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ flip : byte))
        try {
          expect(wasmToC(damaged, { imports: {}, maxPages: 4 })).toContain('int main(void)')
        } catch (error) {
          expect(error).toMatchObject({ name: 'WasmError' })
        }
      }
    }
  })
})

describe('what is translated', () => {
  test('main gives the exit code, and the memory has its declared size', () => {
    const text = translate(
      TYPES,
      section(3, 1, 1),
      section(5, 1, 1, 1, 2),
      exportMain,
      section(10, 1, 4, 0, 0x41, 5, 0x0b),
    )
    expect(text).toContain('#define WASM_MIN_BYTES 65536ull\n#define WASM_MAX_BYTES 131072ull')
    expect(text).toContain('return (int)w0_();')
  })

  test('the memory grows to what the options allow', () => {
    expect(translate(section(5, 1, 0, 1))).toContain('#define WASM_MAX_BYTES 262144ull')
  })

  const nChecks = (text: string): number => text.match(/^CHECK_STACK\(\);$/gm)?.length ?? 0

  test('main and what can recur checks the stack', () => {
    expect(nChecks(translate(TYPES, code(0, 0x01)))).toBe(1)
    expect(nChecks(translate(TYPES, code(0, 0x10, 0)))).toBe(2)
  })

  test('of a long chain of calls, every so many check the stack', () => {
    // Function i calls i + 1, and the last one none; each is taken to need 128 bytes.
    const bodies = (n: number): number[][] =>
      Array.from({ length: n }, (_, i) => [4, 0, 0x10, Math.min(i + 1, 99), 0x0b])
    const chain = (n: number): string => {
      const functions = [...bodies(n - 1), [2, 0, 0x0b]].flat()
      const declared = [3, n + 1, n, ...Array<number>(n).fill(0)]
      const size = functions.length + 1
      return translate(TYPES, declared, [10, (size & 127) | 128, size >> 7, n, ...functions])
    }
    expect(nChecks(chain(60))).toBe(1)
    expect(nChecks(chain(100))).toBe(2)
  })

  test('what cannot be reached is left out', () => {
    const text = translate(TYPES, code(1, 0x41, 1, 0x0f, 0x02, 0x40, 0x41, 0xc8, 0x01, 0x1a, 0x0b, 0x6a))
    expect(text).toContain('i0 = 0x1u;')
    expect(text).not.toContain('0xc8')
  })
})
