import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compilePil } from '../compile-pil.ts'
import { fixedFileRows } from './fixed-file.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fixed-file-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** A file of one column with `rows` rows of 7. */
function fixedFile(rows: number, air: string): Buffer {
  const column = Buffer.alloc(8 * rows)
  for (let i = 0; i < rows; i++) column.writeBigUInt64LE(7n, 8 * i)
  const names = [Buffer.from(`Group\0${air}\0`), u64(rows), u32(1), Buffer.from(`${air}.A\0`), u32(0)]
  const section = Buffer.concat([...names, column])
  return Buffer.concat([Buffer.from('cnst'), u32(1), u32(1), u32(1), u64(section.length), section])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
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
