import { EMPTY_PROGRAM_KEY, type ProgramKey, VerificationError } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { EXIT_MODE_NUMBER, MEMORY_MAP_NUMBER, readStatement } from './statement.ts'

const BOUND: ProgramKey = { ...EMPTY_PROGRAM_KEY, exitMode: EXIT_MODE_NUMBER.bound }
const publics = (at: Readonly<Record<number, bigint>> = {}): bigint[] =>
  Array.from({ length: 67 }, (_, index) => at[index] ?? 0n)

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work()
  } catch (error) {
    if (error instanceof VerificationError) return error.code
    throw error
  }
  return undefined
}

describe('publics that contradict the program key are refused', () => {
  const unbound = EMPTY_PROGRAM_KEY
  const oldMap = { ...BOUND, memoryMap: MEMORY_MAP_NUMBER['v0.12'] }
  test.each([
    ['the old memory map, stated for a program of the new one', BOUND, { 66: 1n }],
    ['the new memory map, stated for a program of the old one', oldMap, {}],
    ['an exit code, stated for a program that binds none', unbound, { 64: 1n }],
    ['the high limb of an exit code, stated for a program that binds none', unbound, { 65: 1n }],
    ['an output above 2^32', BOUND, { 3: 2n ** 32n }],
    ['an exit limb above 2^32', BOUND, { 65: 2n ** 32n }],
  ])('%s', (_, programKey, at) => {
    expect(codeOf(() => readStatement({ programKey, publics: publics(at) }))).toBe('PROOF_PUBLICS_MISMATCH')
  })

  test('too few', () => {
    expect(codeOf(() => readStatement({ programKey: BOUND, publics: publics().slice(1) }))).toBe(
      'PROOF_PUBLICS_MISMATCH',
    )
  })

  test.each([{ memoryMap: 2 }, { exitMode: 2 }])('a key with %o, which no program has', (change) => {
    expect(codeOf(() => readStatement({ programKey: { ...BOUND, ...change }, publics: publics() }))).toBe(
      'PROGRAM_KEY_INVALID',
    )
  })
})

test('outputs, exit code and modes of an honest run', () => {
  const statement = readStatement({ programKey: BOUND, publics: publics({ 0: 7n, 63: 9n, 64: 5n, 65: 1n }) })
  expect(statement).toMatchObject({ exitCode: 2n ** 32n + 5n, exitMode: 'bound', memoryMap: 'v0.18' })
  expect([statement.outputs[0], statement.outputs[63], statement.outputs.length]).toEqual([7, 9, 64])
})
