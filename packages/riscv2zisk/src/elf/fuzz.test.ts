import { readFileSync } from 'node:fs'
import { processorMs } from '@zisk/core/processor-ms'
import { describe, expect, test } from 'vitest'
import { buildElf, EXIT_CODE, sampleElf, TEXT_ADDRESS } from '../testing/build-elf.ts'
import { createRandom, mutateElf, tryElf } from '../testing/mutate-elf.ts'

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../elf-regressions/${name}/program.elf`, import.meta.url)))

test('damaged files are accepted or refused with an ElfError, and the good ones are accepted', () => {
  const files = [sampleElf(), fixture('null-pointer-dwarf5'), fixture('null-pointer-dwarf4'), fixture('segment-gaps')]
  for (const file of files) expect(tryElf(file)).toBe('accepted')
  const seed = 1
  console.log('seed', seed)
  const random = createRandom(seed)
  const outcomes = new Map<string, number>()
  for (let round = 0; round < 4000; round++) {
    const outcome = tryElf(mutateElf(files, random))
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  // The mutations must reach deep enough: many different refusals, and not only refusals.
  expect(outcomes.size).toBeGreaterThan(12)
  expect(outcomes.get('accepted')).toBeGreaterThan(200)
})

describe('tables of the largest size take no time', () => {
  const COUNT = 60_000
  const text = { name: '.text', flags: 6, address: TEXT_ADDRESS, bytes: EXIT_CODE }
  const limitMs = 8000
  const timed = (file: Uint8Array) => {
    const start = processorMs()
    const outcome = tryElf(file)
    expect(processorMs() - start).toBeLessThan(limitMs)
    return outcome
  }
  /** The sample with a table of `COUNT` sections, all alike, over a megabyte of filler. */
  const withSections = (fields: { type: number; flags: number; size: number; step: number }) => {
    const base = buildElf({ sections: [text] })
    const table = base.length + (1 << 20)
    const file = new Uint8Array(table + 64 * COUNT)
    file.set(base)
    const view = new DataView(file.buffer)
    const old = Number(view.getBigUint64(40, true))
    file.copyWithin(table, old, old + 128)
    for (let i = 2; i < COUNT; i++) {
      const at = table + 64 * i
      view.setUint32(at + 4, fields.type, true)
      view.setBigUint64(at + 8, BigInt(fields.flags), true)
      view.setBigUint64(at + 16, BigInt(TEXT_ADDRESS + 4096 + fields.step * i), true)
      view.setBigUint64(at + 24, BigInt(base.length), true)
      view.setBigUint64(at + 32, BigInt(fields.size), true)
    }
    view.setBigUint64(40, BigInt(table), true)
    view.setUint16(60, COUNT, true)
    return file
  }

  test('notes that each span the file', () => {
    expect(timed(withSections({ type: 7, flags: 0, size: 1 << 20, step: 0 }))).toBe('accepted')
  })

  test('code sections scattered over all pages', () => {
    expect(timed(withSections({ type: 1, flags: 6, size: 16, step: 2048 }))).toBe('accepted')
  })

  test('sections that each span the file', () => {
    expect(timed(withSections({ type: 1, flags: 6, size: 1 << 20, step: 2048 }))).toBe('ELF_OVERLAP')
  })

  test('more program headers than any linker makes', () => {
    const file = new Uint8Array(64 + 56 * COUNT)
    file.set(buildElf({ segments: [{ flags: 5, address: TEXT_ADDRESS, bytes: EXIT_CODE }] }))
    new DataView(file.buffer).setUint16(56, COUNT, true)
    expect(timed(file)).toBe('ELF_OVERSIZE')
  })
})
