import { describe, expect, test } from 'vitest'
import { parseJsonInput } from './json-input.ts'

const noFile = (path: string): Uint8Array => {
  throw new Error(`unexpected read of ${path}`)
}
const records = (text: string): number[][] => parseJsonInput(text, noFile).map((record) => [...record])

describe('parseJsonInput: rejects', () => {
  test.each([
    ['no JSON', '[1,', 'INPUT_JSON_SYNTAX', undefined],
    ['no array', '{"u8": 1}', 'INPUT_JSON_SHAPE', '$'],
    ['a bare value', '[1]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['an unknown type', '[{"u7": 1}]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['two types in one value', '[{"u8": 1, "u32": 1}]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['a byte of 256', '[{"u8": 1}, {"u8": 256}]', 'INPUT_JSON_SHAPE', '$[1].u8'],
    ['a negative integer', '[{"u32": -1}]', 'INPUT_JSON_SHAPE', '$[0].u32'],
    ['a fraction', '[{"u32": 1.5}]', 'INPUT_JSON_SHAPE', '$[0].u32'],
    ['a number that JSON cannot carry exactly', '[{"u64": 9007199254740993}]', 'INPUT_JSON_SHAPE', '$[0].u64'],
    ['2^64', '[{"u64": "18446744073709551616"}]', 'INPUT_JSON_SHAPE', '$[0].u64'],
    ['null', '[null]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['an array of arrays', '[[1]]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['an empty object', '[{}]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['a name that every object has', '[{"toString": 1}]', 'INPUT_JSON_SHAPE', '$[0]'],
    ['a truth value for an integer', '[{"u8": true}]', 'INPUT_JSON_SHAPE', '$[0].u8'],
    ['an empty string for an integer', '[{"u8": ""}]', 'INPUT_JSON_SHAPE', '$[0].u8'],
    ['arrays of arrays of integers', '[{"u8": [[1]]}]', 'INPUT_JSON_SHAPE', '$[0].u8[0]'],
    ['a number for text', '[{"utf8": 1}]', 'INPUT_JSON_SHAPE', '$[0].utf8'],
    ['a file without a name', '[{"file": ""}]', 'INPUT_JSON_SHAPE', '$[0].file'],
    ['an odd hex digit', '[{"hex": "abc"}]', 'INPUT_JSON_SHAPE', '$[0].hex'],
    ['a bad element of an array', '[{"u8": [1, 2, 300]}]', 'INPUT_JSON_SHAPE', '$[0].u8[2]'],
  ])('%s', (_name, text, code, where) => {
    expect(() => parseJsonInput(text, noFile)).toThrow(expect.objectContaining({ code, where, exitStatus: 'usage' }))
  })
})

describe('parseJsonInput: packs', () => {
  test('little-endian integers, alone and in arrays', () => {
    expect(records('[{"u8": 7}, {"u32": [1, 258]}, {"u64": "0xffffffffffffffff"}]')).toEqual([
      [7],
      [1, 0, 0, 0, 2, 1, 0, 0],
      [255, 255, 255, 255, 255, 255, 255, 255],
    ])
  })

  test('hex with and without prefix, text as UTF-8, empty values', () => {
    expect(records('[{"hex": "0x00fF"}, {"hex": ""}, {"utf8": "é"}, {"u8": []}]')).toEqual([
      [0, 255],
      [],
      [0xc3, 0xa9],
      [],
    ])
  })

  test('files through the reader', () => {
    expect(parseJsonInput('[{"file": "a.bin"}]', (path) => new TextEncoder().encode(path))).toEqual([
      new TextEncoder().encode('a.bin'),
    ])
  })
})
