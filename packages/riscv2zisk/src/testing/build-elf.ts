/**
 * Small ELF files for tests, with every field open to mutation.
 */

/** A section of a test ELF. */
export interface TestSection {
  readonly name: string
  /** 1 progbits, 2 symtab, 3 strtab, 7 note, 8 nobits. */
  readonly type?: number
  /** 1 write, 2 alloc, 4 exec. */
  readonly flags?: number
  readonly address?: number
  readonly bytes?: Uint8Array
  /** Memory size of a nobits section. */
  readonly size?: number
  readonly link?: number
}

/** A PT_LOAD segment of a test ELF; it covers the sections of these names. */
export interface TestSegment {
  readonly flags: number
  readonly address: number
  readonly bytes: Uint8Array
  readonly memoryBytes?: number
  readonly type?: number
}

interface TestElf {
  readonly entry?: number
  readonly sections?: readonly TestSection[]
  readonly segments?: readonly TestSegment[]
}

const HEADER_BYTES = 64
const SEGMENT_BYTES = 56
const SECTION_BYTES = 64

export const TEXT_ADDRESS = 0x8000_0000
export const DATA_ADDRESS = 0xa003_0000

/** `li a7, 93; ecall` in 32-bit encodings. */
export const EXIT_CODE: Uint8Array = wordsToBytes([0x05d00893, 0x00000073])

export function wordsToBytes(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length)
  const view = new DataView(bytes.buffer)
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true)
  })
  return bytes
}

/** An ELF of sections and segments; each gets its own copy of its bytes unless a segment lies over a section. */
export function buildElf({ entry = TEXT_ADDRESS, sections = [], segments = [] }: TestElf): Uint8Array {
  const names = sections.length === 0 ? [] : ['', ...sections.map(({ name }) => name), '.shstrtab']
  const nameTable = new TextEncoder().encode(`${names.join('\0')}\0`)
  const rows: TestSection[] =
    sections.length === 0 ? [] : [{ name: '', type: 0 }, ...sections, { name: '.shstrtab', type: 3, bytes: nameTable }]
  let end = HEADER_BYTES + segments.length * SEGMENT_BYTES
  const place = (bytes: Uint8Array) => {
    end = Math.ceil(end / 8) * 8
    const offset = end
    end += bytes.length
    return offset
  }
  const segmentOffsets = segments.map(({ bytes }) => place(bytes))
  const sectionOffsets = rows.map(({ bytes = new Uint8Array(0), address = 0, type = 1 }) => {
    const home = segments.findIndex(
      (segment) =>
        type !== 8 && address >= segment.address && address + bytes.length <= segment.address + segment.bytes.length,
    )
    return home < 0 ? place(bytes) : segmentOffsets[home]! + address - segments[home]!.address
  })
  const table = rows.length === 0 ? 0 : place(new Uint8Array(rows.length * SECTION_BYTES))
  const file = new Uint8Array(end)
  const view = new DataView(file.buffer)
  const u64 = (at: number, value: number) => view.setBigUint64(at, BigInt(value), true)

  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, 2, true)
  view.setUint16(18, 243, true)
  view.setUint32(20, 1, true)
  u64(24, entry)
  u64(32, segments.length === 0 ? 0 : HEADER_BYTES)
  u64(40, table)
  view.setUint32(48, 1, true)
  ;[HEADER_BYTES, SEGMENT_BYTES, segments.length, SECTION_BYTES, rows.length, Math.max(rows.length - 1, 0)].forEach(
    (value, i) => {
      view.setUint16(52 + 2 * i, value, true)
    },
  )
  segments.forEach(({ type = 1, flags, address, bytes, memoryBytes = bytes.length }, i) => {
    const at = HEADER_BYTES + i * SEGMENT_BYTES
    view.setUint32(at, type, true)
    view.setUint32(at + 4, flags, true)
    ;[segmentOffsets[i]!, address, address, bytes.length, memoryBytes, 8].forEach((value, field) => {
      u64(at + 8 + 8 * field, value)
    })
    file.set(bytes, segmentOffsets[i]!)
  })
  rows.forEach(({ type = 1, flags = 0, address = 0, bytes = new Uint8Array(0), size = bytes.length, link = 0 }, i) => {
    const at = table + i * SECTION_BYTES
    view.setUint32(at, i === 0 ? 0 : nameOffset(names, i), true)
    view.setUint32(at + 4, type, true)
    ;[flags, address, sectionOffsets[i]!, size].forEach((value, field) => {
      u64(at + 8 + 8 * field, value)
    })
    view.setUint32(at + 40, link, true)
    file.set(bytes, sectionOffsets[i]!)
  })
  return file
}

function nameOffset(names: readonly string[], index: number): number {
  return names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 0)
}

/** A file with text, data, bss, symbols and the ABI note: the base of mutation tests. */
export function sampleElf(): Uint8Array {
  const strings = new TextEncoder().encode('\0_start\0helper\0value\0')
  const symbols = new Uint8Array(4 * 24)
  const view = new DataView(symbols.buffer)
  const addSymbol = (index: number, [name, info, address, size]: readonly [number, number, number, number]) => {
    view.setUint32(24 * index, name, true)
    view.setUint8(24 * index + 4, info)
    view.setUint16(24 * index + 6, 1, true)
    view.setBigUint64(24 * index + 8, BigInt(address), true)
    view.setBigUint64(24 * index + 16, BigInt(size), true)
  }
  addSymbol(1, [1, 0x12, TEXT_ADDRESS, 8])
  addSymbol(2, [8, 0x10, TEXT_ADDRESS + 8, 0])
  addSymbol(3, [15, 0x11, DATA_ADDRESS, 8])
  const note = wordsToBytes([5, 4, 1, 0x4b73695a, 0, 1])
  const text = Uint8Array.from([...EXIT_CODE, ...wordsToBytes([0x00150513, 0x00008067])])
  const data = Uint8Array.from({ length: 12 }, (_, i) => i + 1)
  return buildElf({
    segments: [
      { flags: 5, address: TEXT_ADDRESS, bytes: text },
      { flags: 6, address: DATA_ADDRESS, bytes: data, memoryBytes: 4096 },
    ],
    sections: [
      { name: '.text', flags: 6, address: TEXT_ADDRESS, bytes: text },
      { name: '.data', flags: 3, address: DATA_ADDRESS, bytes: data },
      { name: '.bss', type: 8, flags: 3, address: DATA_ADDRESS + 16, size: 4080 },
      { name: '.note.zisk.abi', type: 7, bytes: note },
      { name: '.symtab', type: 2, bytes: symbols, link: 6 },
      { name: '.strtab', type: 3, bytes: strings },
    ],
  })
}
