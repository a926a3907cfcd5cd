import { materializeFixed, validatePilout } from '@zisk/air'
import { processorMs } from '@zisk/core/processor-ms'
import { describe, expect, test } from 'vitest'
import { compilePilOrThrow } from './compile-pil.ts'
import { largeProgram } from './testing/large-program.ts'

describe('a program of the size of the largest published one', () => {
  const sources = largeProgram()
  const start = processorMs()
  const program = compilePilOrThrow({ file: 'main.pil', sources })
  const compileMs = processorMs() - start

  test('compiles in under 20 s and 2 GB', () => {
    const lines = Object.values(sources).reduce((sum, text) => sum + text.split('\n').length, 0)
    expect(lines).toBeGreaterThan(38_000)
    expect(program.airGroups[0]!.airs).toHaveLength(35)
    expect(compileMs).toBeLessThan(20_000)
    expect(process.memoryUsage().rss).toBeLessThan(2 ** 31)
    validatePilout(program)
  })

  test('a table of 2^22 rows with 64-bit shifts fills in under 5 s when it is asked for', () => {
    const air = program.airGroups[0]!.airs.find((candidate) => candidate.name === 'Table3')!
    const begin = processorMs()
    const columns = air.fixed.slice(0, 5).map((column) => materializeFixed(column.content, air.rows, column.name))
    const fillMs = processorMs() - begin
    expect(fillMs).toBeLessThan(5000)
    const [a, b, c, d, e] = columns.map((column) => column[2 ** 22 - 1])
    // a = 255, b = 255: shifted = 255 << 63, whose bit 31 is 0.
    expect([a, b, c, d, e]).toEqual([
      255n,
      255n,
      (255n << 63n) % 0xffff_ffff_0000_0001n,
      BigInt((2 ** 22 - 1) >> 3),
      3n,
    ])
  })
})
