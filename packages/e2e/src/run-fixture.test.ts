import { describe, expect, test } from 'vitest'
import { loadFixtures } from './fixtures.ts'
import { runFixture } from './run-fixture.ts'

describe('committed guests in the emulator', () => {
  test.each(loadFixtures())('$name gives the expected result, steps and ROM', async (fixture) => {
    const { exitCode, exitBound, outputs, uart, fault, steps, romDigest } = fixture.expected
    const wanted = Object.entries({ exitCode, exitBound, outputs, uart, fault, steps, romDigest })
    expect(await runFixture(fixture)).toEqual(Object.fromEntries(wanted.filter(([, value]) => value !== undefined)))
  })
})
