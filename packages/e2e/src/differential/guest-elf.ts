/** Writes the smallest ELF that the toolchain runs: program headers only, one segment each for code, data and constants. */

/** Code and data of a guest. Addresses are 8-aligned. */
export interface GuestImage {
  readonly codeAddress: number
  readonly code: Uint8Array
  readonly dataAddress: number
  readonly data: Uint8Array
  /** Read-only data that is no code. */
  readonly constants?: { readonly address: number; readonly bytes: Uint8Array }
}

/** A static RV64 ELF whose entry point is the first byte of the code. */
export function guestElf(image: GuestImage): Uint8Array {
  const { constants } = image
  const nextPage = (offset: number): number => Math.ceil(offset / 0x1000) * 0x1000
  const codeOffset = 0x1000
  const dataOffset = nextPage(codeOffset + image.code.length)
  const constantsOffset = nextPage(dataOffset + image.data.length)
  const elf = new Uint8Array(constantsOffset + (constants?.bytes.length ?? 0))
  const view = new DataView(elf.buffer)
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, 2, true) // ET_EXEC
  view.setUint16(18, 243, true) // EM_RISCV
  view.setUint32(20, 1, true)
  view.setBigUint64(24, BigInt(image.codeAddress), true)
  view.setBigUint64(32, 64n, true)
  view.setUint16(52, 64, true)
  view.setUint16(54, 56, true)
  view.setUint16(56, constants === undefined ? 2 : 3, true)
  const segment = (index: number, flags: number, offset: number, address: number, bytes: Uint8Array): void => {
    const at = 64 + index * 56
    view.setUint32(at, 1, true)
    view.setUint32(at + 4, flags, true)
    view.setBigUint64(at + 8, BigInt(offset), true)
    view.setBigUint64(at + 16, BigInt(address), true)
    view.setBigUint64(at + 24, BigInt(address), true)
    view.setBigUint64(at + 32, BigInt(bytes.length), true)
    view.setBigUint64(at + 40, BigInt(bytes.length), true)
    view.setBigUint64(at + 48, 0x1000n, true)
    elf.set(bytes, offset)
  }
  segment(0, 5, codeOffset, image.codeAddress, image.code)
  segment(1, 6, dataOffset, image.dataAddress, image.data)
  if (constants !== undefined) segment(2, 4, constantsOffset, constants.address, constants.bytes)
  return elf
}
