import { describe, expect, test } from 'vitest'
import { loadFixtures } from './fixtures.ts'
import { qemuImage } from './qemu-image.ts'
import { runQemu } from './run-qemu.ts'

const fixtures = loadFixtures()

function fixture(name: string): (typeof fixtures)[number] {
  const found = fixtures.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(`no fixture ${name}`)
  return found
}

describe('qemuImage', () => {
  test('refuses bytes that are no ELF file', () => {
    expect(() => qemuImage({ elf: new Uint8Array(100) })).toThrow(/not an ELF/)
  })

  test('refuses a segment that ends outside the file', () => {
    const { elf } = fixture('fibonacci')
    expect(() => qemuImage({ elf: elf.subarray(0, 0x1010) })).toThrow(/ends outside/)
  })
})

describe('runQemu', () => {
  test('a guest without input takes its default', () => {
    const { elf } = fixture('fibonacci')
    expect([...runQemu({ elf }).outputs!.subarray(0, 4)]).toEqual([10000, 0, 660950283, 459322553])
  })

  test('the input reaches the guest', () => {
    const { elf } = fixture('fibonacci')
    const input = Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0])
    expect([...runQemu({ elf, input }).outputs!.subarray(0, 4)]).toEqual([10, 0, 55, 0])
  })

  test('an endless guest ends at the time limit', () => {
    const { elf } = fixture('fibonacci')
    const input = Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0])
    expect(runQemu({ elf, input, timeoutSeconds: 1 })).toMatchObject({ exitCode: undefined, signal: 'SIGTERM' })
  })
})

describe('committed guests', () => {
  test.each(fixtures.filter((entry) => entry.expected.checkedWithQemu))('$name gives the expected result', (entry) => {
    const run = runQemu({ elf: entry.elf, ...(entry.input && { input: entry.input }) })
    const outputs = Array.from({ length: 64 }, (_, i) => entry.expected.outputs?.[i] ?? 0)
    expect(run).toMatchObject({ exitCode: entry.expected.exitCode, uart: entry.expected.uart ?? '' })
    expect([...run.outputs!]).toEqual(outputs)
  })

  /** How a Linux process ends where a ZisK machine raises these faults. */
  const SIGNALS: Readonly<Record<string, string>> = {
    ILLEGAL_INSTRUCTION: 'SIGILL',
    UNKNOWN_CSR: 'SIGILL',
    READ_ONLY_CSR: 'SIGILL',
    INVALID_READ: 'SIGSEGV',
    INVALID_WRITE: 'SIGSEGV',
    STACK_OVERFLOW: 'SIGSEGV',
    ACCESS_CROSSES_REGION: 'SIGSEGV',
    WRITE_TO_ROM: 'SIGSEGV',
    WRITE_TO_INPUT: 'SIGSEGV',
  }

  test.each(fixtures.filter((entry) => (entry.expected.fault?.code ?? '') in SIGNALS))('$name fails', (entry) => {
    expect(runQemu({ elf: entry.elf }).signal).toBe(SIGNALS[entry.expected.fault!.code])
  })
})
