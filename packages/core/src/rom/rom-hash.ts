/**
 * The identity of a program.
 */

import { blake3 } from '@noble/hashes/blake3.js'
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
  const hasher = blake3.create()
  for (const part of romParts(rom)) hasher.update(part)
  const hash = hasher.digest()
  hashes.set(rom, hash)
  return hash
}
