/**
 * The identity of a program.
 */

import { blake3 } from '../hash/blake3.ts'
import { romParts } from './encode-rom.ts'
import type { ZiskRom } from './zisk-rom.ts'

const hashes = new WeakMap<ZiskRom, Uint8Array>()

/**
 * BLAKE3 of the canonical encoding, 32 bytes. Computed on first use and remembered as long as the ROM lives; treat the
 * ROM and the result as immutable.
 */
export function romHash(rom: ZiskRom): Uint8Array {
  const known = hashes.get(rom)
  if (known !== undefined) return known
  const hash = blake3(...romParts(rom))
  hashes.set(rom, hash)
  return hash
}
