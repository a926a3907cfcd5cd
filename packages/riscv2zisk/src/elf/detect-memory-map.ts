/**
 * Which memory map a stock ZisK program was built for.
 *
 * ZisK 0.12 to 0.15 put the input at 0x9000_0000, ZisK 0.16 and later at 0x4000_0000. Runtimes of both build the
 * address in a register and then read from it, so the code is searched for exactly that.
 */

import type { MemoryMapName } from '@zisk/core'
import type { ElfRegion } from './elf-image.ts'

/** Halfwords after an instruction among which its continuation is expected. */
const WINDOW = 16

interface InputConstant {
  readonly map: MemoryMapName
  readonly register: number
  /** Index of the halfword after the constant is complete. */
  readonly next: number
}

/**
 * The map whose input address the code builds and reads. The old one wins where both occur, because 2^30 is a common
 * constant and 9 * 2^28 is not; `undefined` when neither occurs.
 */
export function detectMemoryMap(regions: readonly ElfRegion[]): MemoryMapName | undefined {
  let detected: MemoryMapName | undefined
  for (const region of regions) {
    if (!region.executable) continue
    const code = toHalfwords(region.bytes)
    for (let at = 0; at < code.length; at++) {
      const constant = inputConstantAt(code, at)
      if (constant === undefined || !isReadFrom(code, constant)) continue
      if (constant.map === 'v0.12') return 'v0.12'
      detected = constant.map
    }
  }
  return detected
}

function toHalfwords(bytes: Uint8Array): Uint16Array {
  const code = new Uint16Array(bytes.length >>> 1)
  for (let i = 0; i < code.length; i++) code[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8)
  return code
}

/** The constant that starts here: `lui rd, 0x40000`, or `li rd, n` with `slli rd, rd, s` soon after. */
function inputConstantAt(code: Uint16Array, at: number): InputConstant | undefined {
  const half = code[at]!
  if ((half & 0x7f) === 0x37) {
    return code[at + 1] === 0x4000 && (half & 0xf000) === 0
      ? { map: 'v0.18', register: (half >>> 7) & 31, next: at + 2 }
      : undefined
  }
  // c.li rd, 9 and c.li rd, 1; then addi rd, x0, 9 and addi rd, x0, 1.
  const low = half & 0xf07f
  if (low === 0x4025 || (low === 0x0013 && code[at + 1] === 0x0090)) {
    return shifted(code, { at, register: (half >>> 7) & 31, shift: 28, map: 'v0.12' })
  }
  if (low === 0x4005 || (low === 0x0013 && code[at + 1] === 0x0010)) {
    return shifted(code, { at, register: (half >>> 7) & 31, shift: 30, map: 'v0.18' })
  }
  return undefined
}

interface ShiftSearch {
  readonly at: number
  readonly register: number
  readonly shift: number
  readonly map: MemoryMapName
}

/** Looks for `slli register, register, shift` behind the constant. */
function shifted(code: Uint16Array, { at, register, shift, map }: ShiftSearch): InputConstant | undefined {
  const compressed = 0x0002 | (register << 7) | (shift << 2)
  const lowHalf = 0x1013 | (register << 7) | ((register & 1) << 15)
  const highHalf = (shift << 4) | (register >>> 1)
  for (let i = at + 1; i < Math.min(at + WINDOW, code.length); i++) {
    if (code[i] === compressed) return { map, register, next: i + 1 }
    if (code[i] === lowHalf && code[i + 1] === highHalf) return { map, register, next: i + 2 }
  }
  return undefined
}

/** Whether a load through the register, or `addi x, register, 8 | 16`, follows soon. */
function isReadFrom(code: Uint16Array, { register, next }: InputConstant): boolean {
  const shortRegister = register >= 8 && register < 16 ? register - 8 : -1
  for (let i = next; i < Math.min(next + WINDOW, code.length); i++) {
    const half = code[i]!
    const isShortLoad = (half & 0xe003) === 0x6000 || (half & 0xe003) === 0x4000
    if (isShortLoad && ((half >>> 7) & 7) === shortRegister) return true
    const base = ((half >>> 15) & 1) | ((code[i + 1]! & 0xf) << 1)
    if (base !== register) continue
    if ((half & 0x7f) === 0x03) return true
    const immediate = code[i + 1]! >>> 4
    if ((half & 0x707f) === 0x0013 && (immediate === 8 || immediate === 16)) return true
  }
  return false
}
