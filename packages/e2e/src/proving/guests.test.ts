/** A spread of the committed guests, each proved from its ELF and verified against it, as a user does. */
import { loadProgram, prove, verify } from '@zisk/sdk'
import { expect, test } from 'vitest'
import { loadFixtures } from '../fixtures.ts'

const fixtures = loadFixtures()

test.each([
  ['stores to register 0', 'zero-register'],
  ['code and data in segments of their own', 'segment-gaps'],
  ['loads and stores of every width', 'rv64i-load-store'],
  ['unaligned accesses', 'unaligned'],
  ['branches and jumps', 'rv64i-branch'],
  ['arithmetic, logic, shifts', 'rv64i-alu'],
  ['products and divisions', 'rv64m'],
  ['atomics', 'rv64a'],
  ['compressed instructions', 'rv64c'],
  ['control registers', 'zicsr'],
  ['the memory map of ZisK 0.12', 'old-memory-map'],
  ['C++', 'hash-map'],
  ['Rust with std', 'rust-std'],
  ['a panic in Rust', 'rust-panic'],
])('%s: %s proves and verifies', async (_, name) => {
  const { elf, input, expected } = fixtures.find((fixture) => fixture.name === name)!
  const program = loadProgram(elf)
  const source = input === undefined ? undefined : ({ kind: 'framed', bytes: input } as const)
  const run = await prove(program, { input: source, profile: 'test', allowFailure: true, verify: false })
  expect(run.steps).toBe(expected.steps)
  const { statement } = await verify(run.proof, { program }, { acceptInsecure: true, allowFailure: true })
  const { outputs = [], exitCode = 0, exitBound = true } = expected
  expect(statement.exitCode).toBe(exitBound ? BigInt(exitCode) : undefined)
  expect([...statement.outputs]).toEqual(Array.from({ length: 64 }, (_, i) => outputs[i] ?? 0))
})
