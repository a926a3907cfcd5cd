import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-folder-'))
})
afterAll(() => rmSync(work, { recursive: true }))

describe('a folder', () => {
  test('is made with its parents, and may be there already', () => {
    for (const path of [join(work, 'a/b/c'), join(work, 'a/b/c'), join(work, 'a/d'), `${work}/e/`]) {
      makeFolder(path)
      expect(existsSync(path)).toBe(true)
    }
  })

  test.each([
    ['a file of that name', () => join(work, 'file'), 'EEXIST'],
    ['a parent that is a file', () => join(work, 'file/x/y'), 'ENOTDIR'],
  ])('%s is an error', (_name, path, code) => {
    writeFileSync(join(work, 'file'), '')
    expect(() => makeFolder(path())).toThrow(expect.objectContaining({ code }))
  })

  // Where Node's own way never ends.
  test.skipIf(!existsSync('/proc/self'))('a file system that refuses new names is an error', () => {
    expect(() => makeFolder('/proc/zisk/x/y')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })
})
