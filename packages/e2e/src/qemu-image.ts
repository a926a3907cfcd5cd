/**
 * Turns a ZisK guest ELF into a Linux one for `qemu-riscv64`, without touching its code: the memory that a ZisK machine
 * has from the start (system area, outputs, input, free RAM) becomes further load segments.
 */

const PAGE = 0x1000
const LOAD = 1
const WRITE = 2
const READ = 4
const FILE_HEADER_BYTES = 64
const PROGRAM_HEADER_BYTES = 56

const RAM_START = 0x9900_0000
const RAM_END = 0xc000_0000
const INPUT_ADDRESS = 0x4000_0000
/** The guest runtime of `elf-regressions/lib` looks here: not 0 means that Linux system calls work. */
const LINUX_FLAG_ADDRESS = 0xa001_fff8

export type QemuImageOptions = {
  /** ZisK guest, ELF64 little-endian. */
  readonly elf: Uint8Array
  /** Framed input records (u64 length, bytes, padding to 8); they start 8 bytes above the input address. */
  readonly input?: Uint8Array
  /** Where the input window starts: 0x4000_0000, or 0x9000_0000 for guests of ZisK 0.12 to 0.15. */
  readonly inputAddress?: number
}

/** Bytes that must be at an address, followed by zeros up to `memoryBytes`. */
type Piece = {
  readonly address: number
  readonly memoryBytes: number
  readonly bytes: Uint8Array
  readonly flags: number
}

/** The ELF to give to `qemu-riscv64`. Symbols and sections are left out. */
export function qemuImage(options: QemuImageOptions): Uint8Array {
  const { elf, input = new Uint8Array(0), inputAddress = INPUT_ADDRESS } = options
  const window = new Uint8Array(8 + input.length)
  window.set(input, 8)
  const flag = new Uint8Array(8).fill(1, 0, 1)
  const pieces: Piece[] = [
    ...loadSegments(elf),
    { address: RAM_START, memoryBytes: RAM_END - RAM_START, bytes: new Uint8Array(0), flags: READ | WRITE },
    { address: LINUX_FLAG_ADDRESS, memoryBytes: flag.length, bytes: flag, flags: READ | WRITE },
    // One page more than the input, so that a guest that looks for a further record finds a length of 0.
    { address: inputAddress, memoryBytes: window.length + PAGE, bytes: window, flags: READ },
  ]
  return writeImage(elf, mergePages(pieces))
}

function loadSegments(elf: Uint8Array): Piece[] {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength)
  if (elf.length < FILE_HEADER_BYTES || view.getUint32(0) !== 0x7f45_4c46) throw new Error('qemuImage: not an ELF file')
  const tableOffset = Number(view.getBigUint64(32, true))
  const entryBytes = view.getUint16(54, true)
  const pieces: Piece[] = []
  for (let i = 0; i < view.getUint16(56, true); i++) {
    const at = tableOffset + i * entryBytes
    if (view.getUint32(at, true) !== LOAD) continue
    const offset = Number(view.getBigUint64(at + 8, true))
    const address = Number(view.getBigUint64(at + 16, true))
    const fileBytes = Number(view.getBigUint64(at + 32, true))
    const memoryBytes = Number(view.getBigUint64(at + 40, true))
    if (offset + fileBytes > elf.length) throw new Error(`qemuImage: segment ${i} ends outside the file`)
    // A piece of zero length still has an address, which is often outside the memory map.
    if (memoryBytes === 0) continue
    // Linux cannot map a page that may be executed but not read.
    const flags = view.getUint32(at + 4, true) | READ
    pieces.push({ address, memoryBytes, bytes: elf.subarray(offset, offset + fileBytes), flags })
  }
  return pieces
}

/** Cuts the pieces at page borders; a page that several pieces share gets the bytes and the rights of all of them. */
function mergePages(pieces: readonly Piece[]): Piece[] {
  const borders = new Set<number>()
  for (const piece of pieces) {
    borders.add(pageFloor(piece.address))
    borders.add(pageCeil(piece.address + piece.bytes.length))
    borders.add(pageCeil(piece.address + piece.memoryBytes))
  }
  const sorted = [...borders].sort((a, b) => a - b)
  return sorted.slice(1).flatMap((end, i) => mergeRange(pieces, sorted[i]!, end))
}

function mergeRange(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const here = pieces.filter((piece) => piece.address < end && piece.address + piece.memoryBytes > start)
  if (here.length === 0) return []
  const flags = here.reduce((all, piece) => all | piece.flags, 0)
  const filled = here.filter((piece) => piece.address < end && piece.address + piece.bytes.length > start)
  const bytes = new Uint8Array(filled.length > 0 ? end - start : 0)
  for (const piece of filled) {
    const skip = Math.max(0, start - piece.address)
    const part = piece.bytes.subarray(skip, skip + end - Math.max(start, piece.address))
    bytes.set(part, piece.address + skip - start)
  }
  return [{ address: start, memoryBytes: end - start, bytes, flags }]
}

function writeImage(elf: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const dataStart = pageCeil(FILE_HEADER_BYTES + pieces.length * PROGRAM_HEADER_BYTES)
  const image = new Uint8Array(pieces.reduce((end, piece) => end + piece.bytes.length, dataStart))
  const view = new DataView(image.buffer)
  image.set(elf.subarray(0, FILE_HEADER_BYTES))
  view.setBigUint64(32, BigInt(FILE_HEADER_BYTES), true)
  view.setBigUint64(40, 0n, true)
  view.setUint16(54, PROGRAM_HEADER_BYTES, true)
  view.setUint16(56, pieces.length, true)
  view.setUint16(60, 0, true)
  view.setUint16(62, 0, true)
  let offset = dataStart
  pieces.forEach((piece, i) => {
    const at = FILE_HEADER_BYTES + i * PROGRAM_HEADER_BYTES
    view.setUint32(at, LOAD, true)
    view.setUint32(at + 4, piece.flags, true)
    view.setBigUint64(at + 8, BigInt(offset), true)
    view.setBigUint64(at + 16, BigInt(piece.address), true)
    view.setBigUint64(at + 24, BigInt(piece.address), true)
    view.setBigUint64(at + 32, BigInt(piece.bytes.length), true)
    view.setBigUint64(at + 40, BigInt(piece.memoryBytes), true)
    view.setBigUint64(at + 48, BigInt(PAGE), true)
    image.set(piece.bytes, offset)
    offset += piece.bytes.length
  })
  return image
}

function pageFloor(address: number): number {
  return Math.floor(address / PAGE) * PAGE
}

function pageCeil(address: number): number {
  return Math.ceil(address / PAGE) * PAGE
}
