import { expect, test } from 'vitest'
import * as pilc from './index.ts'

test('the public surface', () => {
  expect(Object.keys(pilc).sort()).toEqual([
    'DEFAULT_LIMITS',
    'PilError',
    'columnsModule',
    'compilePil',
    'compilePilOrThrow',
    'formatDiagnostic',
  ])
})
