import { expect, test } from 'vitest'
import { reject, VerificationError, type VerificationErrorCode } from './errors.ts'

test.each<[VerificationErrorCode, RegExp]>([
  ['PROOF_TRUNCATED', /cut off/],
  ['PROOF_PROGRAM_MISMATCH', /the program that the proof is about/],
  ['PROOF_OPENING_INVALID', /Do not trust it/],
])('%s says what to do', (code, remedy) => {
  expect(() => reject(code, 'why')).toThrow(expect.objectContaining({ code, remedy: expect.stringMatching(remedy) }))
})

test('who knows better says so', () => {
  const remedy = 'Turn it off and on.'
  expect(new VerificationError({ code: 'PROOF_TRUNCATED', message: 'why', remedy }).remedy).toBe(remedy)
})
