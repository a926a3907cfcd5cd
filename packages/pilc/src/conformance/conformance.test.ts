/**
 * One small program per feature and trap of the language, in `programs/`, with its expected compiled form beside it
 * (`*.expected.txt`): what is printed, what is found wrong, and the program that comes out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validatePilout } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { compilePil } from '../compile-pil.ts'
import { describeResult } from '../testing/describe-result.ts'

const FOLDER = fileURLToPath(new URL('./programs/', import.meta.url))
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pil'))
/** Files that others include, besides those of the folder `parts`. */
const PARTS = new Set(['cycle-part.pil', 'private-a.pil', 'lib.pil', 'equation.pil'])
const PROGRAMS = FILES.filter((name) => !PARTS.has(name) && !name.startsWith('parts'))

describe('conformance', () => {
  for (const name of PROGRAMS) {
    test(name.replace('.pil', ''), async () => {
      const printed: string[] = []
      const sources = Object.fromEntries(FILES.map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]))
      const result = compilePil({ file: name, sources, output: (line) => printed.push(line) })
      if (result.pilout !== undefined) validatePilout(result.pilout)
      const expected = join(FOLDER, name.replace('.pil', '.expected.txt'))
      await expect(describeResult(result, printed)).toMatchFileSnapshot(expected)
    })
  }
})
