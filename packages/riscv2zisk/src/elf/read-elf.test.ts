import { describe, expect, test } from 'vitest'
import { ElfError } from '../errors.ts'
import { buildElf, DATA_ADDRESS, EXIT_CODE, sampleElf, TEXT_ADDRESS, wordsToBytes } from '../testing/build-elf.ts'
import { transpile } from '../transpile/transpile.ts'
import { readElf } from './read-elf.ts'

/** The sample with some bytes changed. */
function changed(at: number, ...values: number[]): Uint8Array {
  const file = sampleElf()
  file.set(values, at)
  return file
}

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(ElfError)
    return (error as ElfError).code
  }
  return 'accepted'
}
const readCode = (file: Uint8Array) => codeOf(() => readElf(file))
const transpileCode = (file: Uint8Array) => codeOf(() => transpile(readElf(file)))

const TEXT = { flags: 5, address: TEXT_ADDRESS, bytes: EXIT_CODE }

describe('readElf: refuses', () => {
  test.each([
    ['an empty file', new Uint8Array(0), 'ELF_TOO_SHORT'],
    ['half a header', sampleElf().subarray(0, 40), 'ELF_TOO_SHORT'],
    ['another magic', changed(0, 0x7e), 'ELF_BAD_MAGIC'],
    ['32 bits', changed(4, 1), 'ELF_BAD_CLASS'],
    ['big-endian', changed(5, 2), 'ELF_BAD_ENDIAN'],
    ['a future ELF version', changed(6, 2), 'ELF_BAD_VERSION'],
    ['a future header version', changed(20, 2), 'ELF_BAD_VERSION'],
    ['x86-64', changed(18, 62, 0), 'ELF_BAD_MACHINE'],
    ['an object file', changed(16, 1), 'ELF_RELOCATABLE'],
    ['a shared object', changed(16, 3), 'ELF_DYNAMIC'],
    ['a core dump', changed(16, 4), 'ELF_BAD_TYPE'],
    ['a small header', changed(52, 32), 'ELF_BAD_HEADER'],
    ['program headers of another size', changed(54, 32), 'ELF_BAD_HEADER'],
    ['section headers of another size', changed(58, 40), 'ELF_BAD_HEADER'],
    ['program headers behind the end', changed(36, 1), 'ELF_TRUNCATED'],
    ['section headers behind the end', changed(45, 1), 'ELF_TRUNCATED'],
    ['a cut-off file', sampleElf().subarray(0, 300), 'ELF_TRUNCATED'],
    ['contents behind the end', changed(64 + 37, 1), 'ELF_BAD_HEADER'],
    ['a segment of 2^60 bytes', changed(64 + 47, 0x10), 'ELF_OUT_OF_REGION'],
    ['a segment above 2^32', changed(64 + 21, 1), 'ELF_OUT_OF_REGION'],
    ['an entry above 2^32', changed(28, 1), 'ELF_BAD_ENTRY'],
    ['an entry in data', changed(24, 0, 0, 3, 0xa0), 'ELF_BAD_ENTRY'],
    ['an odd entry', changed(24, 1), 'ELF_BAD_ENTRY'],
    ['an entry nowhere', changed(24, 0, 0, 0, 0), 'ELF_BAD_ENTRY'],
  ])('%s', (_what, file, code) => {
    expect(readCode(file)).toBe(code)
  })

  test('every message says what was expected and what came', () => {
    expect(() => readElf(changed(18, 62, 0))).toThrow(/expected RISC-V \(243\), got x86-64/)
    expect(() => readElf(changed(16, 3))).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('-no-pie') }),
    )
  })

  test('dynamic linking in an executable', () => {
    expect(readCode(buildElf({ segments: [TEXT, { ...TEXT, type: 3 }] }))).toBe('ELF_DYNAMIC')
  })

  test('a file without code', () => {
    expect(readCode(buildElf({}))).toBe('ELF_NO_CODE')
    expect(readCode(buildElf({ segments: [{ ...TEXT, flags: 4 }] }))).toBe('ELF_NO_CODE')
  })

  test('overlapping contents, even in different kinds of memory', () => {
    const second = { flags: 4, address: TEXT_ADDRESS + 4, bytes: EXIT_CODE }
    expect(readCode(buildElf({ segments: [TEXT, second] }))).toBe('ELF_OVERLAP')
    const bss = { name: '.bss', type: 8, flags: 3, address: DATA_ADDRESS, size: 100 }
    const data = { name: '.data', flags: 3, address: DATA_ADDRESS + 96, bytes: EXIT_CODE }
    const text = { name: '.text', flags: 6, address: TEXT_ADDRESS, bytes: EXIT_CODE }
    expect(readCode(buildElf({ sections: [text, bss, data] }))).toBe('ELF_OVERLAP')
    // A nested range must not hide an overlap with the outer one behind it.
    const inner = { name: '.heap', type: 8, flags: 3, address: DATA_ADDRESS + 8, size: 8 }
    expect(readCode(buildElf({ sections: [text, bss, inner, data] }))).toBe('ELF_OVERLAP')
    expect(readCode(buildElf({ sections: [text, bss, inner] }))).toBe('accepted')
  })

  test('sections that no segment loads', () => {
    const sections = [{ name: '.text', flags: 6, address: TEXT_ADDRESS + 0x1000, bytes: EXIT_CODE }]
    expect(readCode(buildElf({ sections, segments: [TEXT], entry: TEXT_ADDRESS + 0x1000 }))).toBe('ELF_MISMATCH')
  })

  test('sections that share file contents to describe more than the file', () => {
    const file = buildElf({
      sections: Array.from({ length: 20 }, (_, i) => ({
        name: `.t${i}`,
        flags: 6,
        address: TEXT_ADDRESS + 0x1000 * i,
        bytes: EXIT_CODE,
      })),
    })
    const view = new DataView(file.buffer)
    const table = Number(view.getBigUint64(40, true))
    for (let i = 1; i <= 20; i++) {
      view.setBigUint64(table + 64 * i + 24, 0n, true)
      view.setBigUint64(table + 64 * i + 32, 0x1000n, true)
    }
    expect(readCode(file)).toBe(file.length < 0x1000 ? 'ELF_TRUNCATED' : 'ELF_OVERSIZE')
  })
})

describe('readElf', () => {
  test('reads regions, zeroed memory, symbols and the ABI note', () => {
    const elf = readElf(sampleElf())
    expect(
      elf.regions.map(({ name, address, executable, writable }) => ({ name, address, executable, writable })),
    ).toEqual([
      { name: '.text', address: TEXT_ADDRESS, executable: true, writable: false },
      { name: '.data', address: DATA_ADDRESS, executable: false, writable: true },
    ])
    expect(elf.zeroRanges).toEqual([{ name: '.bss', start: DATA_ADDRESS + 16, size: 4080 }])
    expect(elf.abiVersion).toBe(1)
    expect(elf.detectedMemoryMap).toBe('v0.18')
    expect(elf.sections.map(({ name }) => name)).toContain('.note.zisk.abi')
    expect(elf.sourceLocation(TEXT_ADDRESS)).toBeUndefined()
  })

  test('symbols: the one that covers the pc, else the nearest label', () => {
    const { symbols } = readElf(sampleElf())
    const at = (pc: number) => {
      const hit = symbols.enclosing(pc)
      return hit === undefined ? undefined : `${hit.symbol.name}+${hit.offset}`
    }
    expect(at(TEXT_ADDRESS - 1)).toBeUndefined()
    expect(at(TEXT_ADDRESS)).toBe('_start+0')
    expect(at(TEXT_ADDRESS + 7)).toBe('_start+7')
    expect(at(TEXT_ADDRESS + 12)).toBe('helper+4')
    expect(symbols.find('value')).toEqual({
      name: 'value',
      linkageName: 'value',
      address: DATA_ADDRESS,
      size: 8,
      kind: 'object',
      global: true,
    })
    expect(symbols.find('val')).toBeUndefined()
    expect(symbols.codeSymbols().map(({ name }) => name)).toEqual(['_start', 'helper'])
  })

  test('without section headers the segments decide', () => {
    const data = { flags: 6, address: DATA_ADDRESS, bytes: EXIT_CODE, memoryBytes: 64 }
    const elf = readElf(buildElf({ segments: [TEXT, data] }))
    expect(elf.sections).toEqual([])
    expect(elf.abiVersion).toBeUndefined()
    expect(elf.regions.map(({ executable, writable }) => [executable, writable])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(elf.zeroRanges).toEqual([{ name: 'PT_LOAD #1', start: DATA_ADDRESS + 8, size: 56 }])
    expect(elf.symbols.length).toBe(0)
    expect(elf.symbols.enclosing(TEXT_ADDRESS)).toBeUndefined()
  })

  test('headers mapped in front of a segment are not loaded', () => {
    const file = buildElf({ segments: [TEXT] })
    const view = new DataView(file.buffer)
    // The segment starts at offset 0 of the file instead, as linkers do it.
    view.setBigUint64(64 + 8, 0n, true)
    view.setBigUint64(64 + 16, BigInt(TEXT_ADDRESS - 120), true)
    view.setBigUint64(64 + 32, 128n, true)
    view.setBigUint64(64 + 40, 128n, true)
    const elf = readElf(file)
    expect(elf.regions.map(({ address, bytes }) => [address, bytes.length])).toEqual([[TEXT_ADDRESS, 8]])
    expect(transpileCode(file)).toBe('accepted')
  })

  test('a view into a larger buffer reads like a file of its own', () => {
    const file = sampleElf()
    const larger = new Uint8Array(file.length + 100).fill(0xff)
    larger.set(file, 50)
    const elf = readElf(larger.subarray(50, 50 + file.length))
    expect(elf.symbols.find('helper')?.address).toBe(TEXT_ADDRESS + 8)
    expect(elf.abiVersion).toBe(1)
  })
})

describe('memory map detection', () => {
  const detect = (words: readonly number[]) =>
    readElf(buildElf({ segments: [{ ...TEXT, bytes: wordsToBytes(words) }] })).detectedMemoryMap
  const load = (rd: number, rs1: number, offset: number) => ((offset << 20) | (rs1 << 15) | 0x3003 | (rd << 7)) >>> 0

  test('lui rd, 0x40000 and a load through it: v0.18', () => {
    expect(detect([0x40000537, load(11, 10, 8)])).toBe('v0.18')
    expect(detect([0x40000537, 0x00850593])).toBe('v0.18') // addi a1, a0, 8
  })

  test('li rd, 9; slli rd, rd, 28 and a load: v0.12, even beside the other', () => {
    const old = [0x00900513, 0x01c51513, load(11, 10, 8)]
    expect(detect(old)).toBe('v0.12')
    expect(detect([0x40000537, load(11, 10, 8), ...old])).toBe('v0.12')
    expect(detect([0x0572_4525, load(11, 10, 8)])).toBe('v0.12') // c.li, c.slli
  })

  test('the same constants without a load say nothing', () => {
    expect(detect([0x40000537, 0x00a585b3])).toBeUndefined()
    expect(detect([0x00900513, 0x01c51513, load(11, 12, 8)])).toBeUndefined()
    expect(detect([0x00000013])).toBeUndefined()
  })
})

describe('placement', () => {
  const text = { name: '.text', flags: 6, address: TEXT_ADDRESS, bytes: EXIT_CODE }
  const withSection = (section: object) =>
    transpileCode(buildElf({ sections: [text, { name: '.x', flags: 2, address: 0, bytes: EXIT_CODE, ...section }] }))

  test.each([
    ['read-only data outside all memory', { address: 0x10000 }, 'ELF_OUT_OF_REGION'],
    ['data in the input area', { address: 0x4000_0000, flags: 3 }, 'ELF_OUT_OF_REGION'],
    ['data over the registers', { address: 0xa000_0000, flags: 3 }, 'ELF_OUT_OF_REGION'],
    ['data across the end of RAM', { address: 0xc000_0000 - 4, flags: 3 }, 'ELF_OUT_OF_REGION'],
    ['code across the end of ROM', { address: 0x8800_0000 - 4, flags: 6 }, 'ELF_OUT_OF_REGION'],
    ['writable data in ROM', { address: TEXT_ADDRESS + 64, flags: 3 }, 'ELF_WRITABLE_OUTSIDE_RAM'],
    ['zeroed data in ROM', { address: TEXT_ADDRESS + 64, flags: 3, type: 8, size: 8 }, 'ELF_WRITABLE_OUTSIDE_RAM'],
    ['the output area', { address: 0xa001_0000, flags: 3 }, 'accepted'],
    ['the last word of RAM', { address: 0xc000_0000 - 8, flags: 3 }, 'accepted'],
    ['read-only data in RAM', { address: DATA_ADDRESS }, 'accepted'],
  ])('%s', (_what, section, code) => {
    expect(withSection(section)).toBe(code)
  })
})
