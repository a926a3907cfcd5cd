import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePilout, encodePilout, isUnavailable, materializeFixed } from '@zisk/air'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compilePil } from '../compile-pil.ts'
import { fixedFileRows, readFixedColumn } from './fixed-file.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fixed-file-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** A file of one column `A` with `rows` rows of 7. */
function fixedFile(rows: number, air: string): Buffer {
  return fileOf(air, rows, [{ name: `${air}.A`, index: [], value: () => 7n }])
}

function fileOf(
  air: string,
  rows: number,
  columns: readonly { name: string; index: readonly number[]; value: (row: number) => bigint }[],
): Buffer {
  const parts = columns.flatMap(({ name, index, value }) => [
    ...[Buffer.from(`${name}\0`), u32(index.length), ...index.map(u32)],
    ...Array.from({ length: rows }, (_, row) => u64(value(row))),
  ])
  const section = Buffer.concat([Buffer.from(`Group\0${air}\0`), u64(rows), u32(columns.length), ...parts])
  return Buffer.concat([Buffer.from('cnst'), u32(1), u32(1), u32(1), u64(section.length), section])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function write(name: string, bytes: Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('fixedFileRows', () => {
  test('reads the number of rows', () => {
    expect(fixedFileRows(write('a.bin', fixedFile(12, 'T')))).toBe(12)
    expect(fixedFileRows(write('b.bin', fixedFile(138_953, 'Table')))).toBe(138_953)
  })

  test('knows no rows of another kind of file, of a cut one and of one with absurd rows', () => {
    const good = fixedFile(4, 'T')
    expect(fixedFileRows(write('c.bin', Buffer.from('rows: 12')))).toBeUndefined()
    for (let length = 0; length < 24 + 'Group\0T\0'.length + 8; length++)
      expect(fixedFileRows(write('d.bin', good.subarray(0, length)))).toBeUndefined()
    const absurd = Buffer.from(good)
    absurd.writeBigUInt64LE(2n ** 60n, 24 + 'Group\0T\0'.length)
    expect(fixedFileRows(write('e.bin', absurd))).toBeUndefined()
    const nameless = Buffer.concat([good.subarray(0, 24), Buffer.alloc(8192, 65)])
    expect(fixedFileRows(write('f.bin', nameless))).toBeUndefined()
  })

  test('an N of 0 takes the rows of the external file, which is also searched in the include folders', () => {
    write('table.bin', fixedFile(12, 'T'))
    const text = `airtemplate T(const int N = 0) {
      #pragma extern_fixed_file "table.bin"
      col fixed A;
      println(N);
    }
    airgroup G { virtual T(); T(); }`
    const printed: string[] = []
    const { diagnostics } = compilePil({
      file: 'main.pil',
      sources: { 'main.pil': text },
      include: [folder],
      output: (line) => void printed.push(line),
    })
    expect(printed).toEqual(['12', '12'].slice(0, printed.length))
    // A committed AIR needs a power of two.
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual(['N must be a power of two, got 12'])
  })
})

describe('readFixedColumn', () => {
  const bytes = fileOf('T', 4, [
    { name: 'T.OP', index: [], value: (row) => BigInt(row) },
    { name: 'A', index: [0], value: () => 5n },
    { name: 'T.A', index: [1], value: (row) => 2n ** 63n + BigInt(row) },
    { name: 'T.BAD', index: [], value: () => 2n ** 64n - 1n },
  ])
  const rowsOf = (name: string, ...index: number[]): bigint[] => [
    ...readFixedColumn(write('columns.bin', bytes), { name, index }),
  ]

  test('finds a column by name and index', () => {
    expect(rowsOf('OP')).toEqual([0n, 1n, 2n, 3n])
    expect(rowsOf('A', 0)).toEqual([5n, 5n, 5n, 5n])
    expect(rowsOf('A', 1)).toEqual([0n, 1n, 2n, 3n].map((row) => 2n ** 63n + row))
  })

  test('a column that is not there, a cut file and numbers above the field are typed errors', () => {
    expect(() => rowsOf('A')).toThrow(/has no column A$/)
    expect(() => rowsOf('A', 2)).toThrow(/has no column A\[2\]$/)
    expect(() => rowsOf('BAD')).toThrow(/above the field in column BAD/)
    const cut = (length: number) =>
      readFixedColumn(write('cut.bin', bytes.subarray(0, length)), { name: 'BAD', index: [] })
    for (let length = 0; length < bytes.length; length++) expect(() => cut(length)).toThrow(/has no column BAD/)
  })

  test('a program reads the file that it names when the rows are wanted; its compiled form names the file only', () => {
    write('columns.bin', bytes)
    const text = `airtemplate T(const int N = 4, const string file) {
      #pragma extern_fixed_file \`\${file}\`
      col fixed OP, A[2], LATE;
    }
    airgroup G { T(file: "columns.bin"); T(file: "missing.bin") alias U; T(N: 8, file: "columns.bin") alias V; }`
    const { pilout } = compilePil({ file: 'main.pil', sources: { 'main.pil': text }, include: [folder] })
    const [t, u, v] = pilout!.airGroups[0]!.airs.map(({ fixed }) => fixed.map(({ content }) => content))
    expect([...materializeFixed(t![2]!, 4, 'A[1]')]).toEqual(rowsOf('A', 1))
    expect(() => materializeFixed(t![3]!, 4, 'LATE')).toThrow(/columns\.bin has no column LATE/)
    expect([t, u].map((columns) => columns!.map(isUnavailable))).toEqual([
      [false, false, false, false],
      [true, true, true, true],
    ])
    expect(() => materializeFixed(v![0]!, 8, 'OP')).toThrow(/has 4 rows, an instance of 8 rows/)
    const stored = decodePilout(encodePilout(pilout!)).airGroups[0]!.airs[0]!.fixed[2]!.content
    expect(stored).toEqual({ kind: 'external', file: 'columns.bin', column: 2 })
  })
})
