import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readElf } from '../elf/read-elf.ts'
import { createRandom } from '../testing/mutate-elf.ts'
import { ByteReader } from './byte-reader.ts'
import { lookUpLine, readLineTable } from './line-table.ts'

const NONE = new Uint8Array(0)
const tableOf = (line: Uint8Array, lineStrings = NONE) =>
  readLineTable({ line: new ByteReader(line), lineStrings, strings: NONE })
const ascii = (text: string) => [...new TextEncoder().encode(text)]
const u32 = (value: number) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]
const u64 = (value: number) => [...u32(value), 0, 0, 0, 0]

const LENGTHS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
/** set_address, advance_line +9, copy, special (pc + 4, line + 1), advance_pc 4, end_sequence */
const PROGRAM = [0, 9, 2, ...u64(0x8000_0000), 3, 9, 1, 13 + 5 + 1 + 4 * 14, 2, 4, 0, 1, 1]

/** A unit of version 4 with line base -5 and line range 14. */
function unit4(program: readonly number[] = PROGRAM): Uint8Array {
  const tables = [...ascii('src\0'), 0, ...ascii('a.c\0'), 1, 0, 0, ...ascii('b.c\0'), 0, 0, 0, 0]
  const header = [1, 1, 1, 256 - 5, 14, 13, ...LENGTHS, ...tables]
  const body = [4, 0, ...u32(header.length), ...header, ...program]
  return Uint8Array.from([...u32(body.length), ...body])
}

/** A unit of version 5 whose names lie in .debug_line_str. */
function unit5(lineStrings: readonly number[]): Uint8Array {
  const directories = [1, 1, 0x1f, 2, ...u32(0), ...u32(lineStrings.indexOf(0) + 1)]
  const name = lineStrings.lastIndexOf(0, lineStrings.length - 2) + 1
  const files = [2, 1, 0x1f, 2, 0x0b, 2, ...u32(name), 0, ...u32(name), 1]
  const header = [1, 1, 1, 256 - 5, 14, 13, ...LENGTHS, ...directories, ...files]
  const body = [5, 0, 8, 0, ...u32(header.length), ...header, ...PROGRAM]
  return Uint8Array.from([...u32(body.length), ...body])
}

describe('readLineTable', () => {
  test('version 4', () => {
    const table = tableOf(unit4())
    const at = (pc: number) => lookUpLine(table, pc)
    expect(at(0x7fff_ffff)).toBeUndefined()
    expect(at(0x8000_0000)).toEqual({ file: 'src/a.c', line: 10, column: 0 })
    expect(at(0x8000_0003)?.line).toBe(10)
    expect(at(0x8000_0004)?.line).toBe(11)
    expect(at(0x8000_0007)?.line).toBe(11)
    expect(at(0x8000_0008)).toBeUndefined()
  })

  test('version 5: file 1 in directory 1, which is relative to directory 0', () => {
    const strings = ascii('/home\0sub\0x.c\0')
    const table = tableOf(unit5(strings), Uint8Array.from(strings))
    expect(lookUpLine(table, 0x8000_0000)).toEqual({ file: '/home/sub/x.c', line: 10, column: 0 })
  })

  test('a row that begins no statement does not hide one that does', () => {
    const program = [0, 9, 2, ...u64(0x8000_0000), 1, 6, 3, 5, 1, 2, 4, 0, 1, 1]
    expect(lookUpLine(tableOf(unit4(program)), 0x8000_0000)?.line).toBe(1)
  })

  test('several units, in any order of addresses; a damaged one spares the others', () => {
    const later = [0, 9, 2, ...u64(0x8000_1000), 4, 2, 1, 2, 4, 0, 1, 1]
    const damaged = unit4()
    damaged[4] = 9
    const table = tableOf(Uint8Array.from([...unit4(later), ...damaged, ...unit4()]))
    expect(lookUpLine(table, 0x8000_0000)?.file).toBe('src/a.c')
    expect(lookUpLine(table, 0x8000_1000)).toEqual({ file: 'b.c', line: 1, column: 0 })
  })

  test('functions that the linker discarded do not appear at address 0', () => {
    const program = [0, 9, 2, ...u64(0), 1, 2, 4, 0, 1, 1]
    expect(lookUpLine(tableOf(unit4(program)), 0)).toBeUndefined()
  })

  test('random damage never throws', () => {
    const seed = 5
    console.log('seed', seed)
    const random = createRandom(seed)
    const strings = Uint8Array.from(ascii('/home\0sub\0x.c\0'))
    for (let round = 0; round < 8000; round++) {
      const bytes = Uint8Array.from([...unit4(), ...unit5([...strings])])
      for (let i = random(6); i >= 0; i--) bytes[random(bytes.length)] = random(256)
      const table = tableOf(bytes.subarray(0, random(4) === 0 ? random(bytes.length) : bytes.length), strings)
      lookUpLine(table, 0x8000_0004)
    }
  })
})

test.each(['null-pointer-dwarf4', 'null-pointer-dwarf5'])('%s: lines of a compiler', (name) => {
  const url = new URL(`../../../../elf-regressions/${name}/program.elf`, import.meta.url)
  const elf = readElf(new Uint8Array(readFileSync(url)))
  const source = readFileSync(new URL('../../../../elf-regressions/lib/null-pointer.c', import.meta.url), 'utf8')
  const lines = source.split('\n')
  const main = elf.symbols.find('main')!
  expect(elf.sourceLocation(main.address)).toMatchObject({
    file: 'lib/null-pointer.c',
    line: lines.findIndex((line) => line.startsWith('int main')) + 1,
  })
  // The faulting load is the only one of this line.
  const third = elf.symbols.find('third_value')!
  const wanted = lines.findIndex((line) => line.includes('= list->value;')) + 1
  const found = Array.from({ length: third.size / 2 }, (_, i) => elf.sourceLocation(third.address + 2 * i)?.line)
  expect(found).toContain(wanted)
  expect(elf.sourceLocation(main.address + main.size + 0x1000)).toBeUndefined()
})
