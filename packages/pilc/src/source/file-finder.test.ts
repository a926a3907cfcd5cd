import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { FileFinder } from './file-finder.ts'

const work = mkdtempSync(join(tmpdir(), 'zisk-files-'))
afterAll(() => rmSync(work, { recursive: true }))
for (const name of ['from', 'first', 'second', 'std']) {
  mkdirSync(join(work, name))
  for (const file of ['all', name]) writeFileSync(join(work, name, `${file}.pil`), `${file} of ${name}`)
}
const FROM = join(work, 'from/root.pil')

const finder = (folders: readonly string[], sources: Readonly<Record<string, string>> = {}): FileFinder =>
  new FileFinder({ folders, standardLibrary: join(work, 'std'), sources })

test('searches beside the file, then the folders in order, those of the program, the standard library', () => {
  const files = finder([join(work, 'first')])
  expect(files.addFolder('../second', FROM)).toBe(true)
  const textOf = (name: string): string | undefined => files.find(name, FROM)?.text
  expect(textOf('all.pil')).toBe('all of from')
  expect(files.find('all.pil', 'elsewhere/root.pil')?.text).toBe('all of first')
  expect([textOf('second.pil'), textOf('std.pil'), textOf('none.pil')]).toEqual([
    'second of second',
    'std of std',
    undefined,
  ])
  expect(files.searched(FROM)).toEqual(['from', 'first', 'second'].map((name) => join(work, name)))
})

test('a folder twice is searched once; one that is not there is refused', () => {
  const files = finder([])
  expect([files.addFolder('../first', FROM), files.addFolder(join(work, 'first'), FROM)]).toEqual([true, true])
  expect([files.addFolder('.', FROM), files.addFolder('root.pil', FROM), files.addFolder('none', FROM)]).toEqual([
    true,
    false,
    false,
  ])
  expect(files.searched(FROM)).toEqual([join(work, 'from'), join(work, 'first')])
})

test('texts that are given come before those on disk and make folders', () => {
  const files = finder([], { [join(work, 'from/all.pil')]: 'given', 'given/deep/part.pil': 'part' })
  expect(files.find('all.pil', FROM)?.text).toBe('given')
  expect(files.addFolder('deep', 'given/root.pil')).toBe(true)
  expect(files.addFolder('dee', 'given/root.pil')).toBe(false)
  expect(files.find('part.pil', 'given/root.pil')).toEqual({ path: 'given/deep/part.pil', text: 'part' })
})

test('finds on disk what is no text, and what an absolute path names', () => {
  const files = finder([join(work, 'first')])
  expect(files.findOnDisk('first.pil', FROM)).toBe(join(work, 'first/first.pil'))
  expect(files.findOnDisk('none.bin', FROM)).toBeUndefined()
  expect(files.find(join(work, 'second/all.pil'), FROM)?.text).toBe('all of second')
  expect(files.find(work, FROM)).toBeUndefined()
})
