/**
 * Random and damaged ELF files from a seed, and the property that all of them must have.
 */

import { validateRom } from '@zisk/core'
import { readElf } from '../elf/read-elf.ts'
import { ElfError } from '../errors.ts'
import { transpile } from '../transpile/transpile.ts'

/** A generator of integers in `[0, below)`; the same seed gives the same sequence (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Values that break sloppy arithmetic. */
const BOUNDARY = [
  0n,
  1n,
  7n,
  0xffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  1n << 32n,
  1n << 60n,
  (1n << 64n) - 1n,
]

/** A damaged copy of one of the files, or random bytes behind a valid identification. */
export function mutateElf(files: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  if (random(20) === 0) return randomFile(random)
  const original = files[random(files.length)]!
  const file = original.slice(0, random(8) === 0 ? random(original.length + 1) : original.length)
  if (file.length < 8) return file
  const view = new DataView(file.buffer)
  for (let i = random(8); i >= 0; i--) {
    // Headers are a small part of a file and the most interesting one.
    const sectionTable = file.length >= 48 ? Number(view.getBigUint64(40, true) & 0xffff_ffffn) : 0
    const start = [0, 0, 64, sectionTable, random(file.length)][random(5)]!
    const at = Math.min(start + random(240), file.length - 8)
    const value = random(2) === 0 ? BOUNDARY[random(BOUNDARY.length)]! : BigInt(random(file.length * 2))
    if (at < 0) continue
    if (random(3) === 0) file[at] = random(256)
    else if (random(2) === 0) view.setBigUint64(at - (at % 8), value, true)
    else view.setUint16(at - (at % 2), Number(value & 0xffffn), true)
  }
  return file
}

function randomFile(random: (below: number) => number): Uint8Array {
  const file = Uint8Array.from({ length: random(600) }, () => random(256))
  if (random(2) === 0) file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1].slice(0, file.length))
  if (random(2) === 0 && file.length > 24) file.set([2, 0, 243, 0, 1, 0, 0, 0], 16)
  return file
}

/**
 * Reads and transpiles a file, and looks symbols and lines up.
 *
 * @returns the code of the error, or `accepted`
 * @throws whatever is not an {@link ElfError}: a bug
 */
export function tryElf(file: Uint8Array): string {
  try {
    const elf = readElf(file)
    for (const pc of [0, elf.entry, elf.entry + 6, 2 ** 32 - 1]) {
      elf.sourceLocation(pc)
      elf.symbols.enclosing(pc)
    }
    elf.symbols.find('main')
    elf.symbols.codeSymbols()
    validateRom(transpile(elf))
    return 'accepted'
  } catch (error) {
    if (error instanceof ElfError) return error.code
    throw error
  }
}
