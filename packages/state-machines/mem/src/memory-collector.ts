import { FLAG, type MemoryMap, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import { AlignmentInputs } from '@zisk/witness'
import { WordAccesses } from './word-accesses.ts'

const SLOTS = 4
const SLOT_A = 1
const SLOT_B = 2
const SLOT_STORE = 3

/**
 * Collects the memory accesses of replayed steps for the machines of the regions and for the alignment machines. An
 * access that is not of a whole word goes to the latter, and the accesses to whole words that it stands for go to the
 * machine of the region.
 */
export class MemoryCollector {
  readonly ram: WordAccesses = new WordAccesses()
  readonly romData: WordAccesses = new WordAccesses()
  readonly input: WordAccesses = new WordAccesses()
  readonly alignment: AlignmentInputs = new AlignmentInputs()
  readonly #rom: ZiskRom
  readonly #map: MemoryMap
  /** Two words in which a store replaces bytes. */
  readonly #scratch: DataView = new DataView(new ArrayBuffer(16))

  /** Starts with the stores of the initial data. */
  constructor(rom: ZiskRom, initialRam: Iterable<{ readonly address: number; readonly words: BigUint64Array }>) {
    this.#rom = rom
    this.#map = rom.memoryMap
    for (const { address, words } of initialRam) {
      for (const [k, value] of words.entries()) {
        this.ram.push(address / 8 + k, 0, true, Number(value & 0xffff_ffffn), Number(value >> 32n))
      }
    }
  }

  /** Adds the accesses of a batch. */
  process(batch: StepBatch): void {
    const { flags, aLow, bLow, storeOffset, indWidth, jmpOffset2, pc } = this.#rom.instructions.columns
    const { a, b, c, row: rows, words, wordEnd } = batch
    let position = 0
    for (let i = 0; i < batch.length; i++) {
      const row = rows[i]!
      const bits = flags[row]!
      const memStep = SLOTS * (batch.firstStep + i)
      if (bits & FLAG.A_MEM) this.#word(aLow[row]!, memStep + SLOT_A, false, a[2 * i]!, a[2 * i + 1]!)
      let at = position + (bits & FLAG.A_MEM ? 1 : 0)
      if (bits & FLAG.B_MEM) {
        this.#word(bLow[row]!, memStep + SLOT_B, false, b[2 * i]!, b[2 * i + 1]!)
        at++
      } else if (bits & FLAG.B_IND) {
        const address = (a[2 * i]! + bLow[row]!) >>> 0
        const width = indWidth[row]!
        const access = { address, width, memStep: memStep + SLOT_B, low: b[2 * i]!, high: b[2 * i + 1]! }
        if (width === 8 && (address & 7) === 0) this.#word(address, access.memStep, false, access.low, access.high)
        else at = this.#part(access, false, words, at)
      }
      if (bits & (FLAG.STORE_MEM | FLAG.STORE_IND)) {
        const isLink = bits & FLAG.STORE_PC
        const low = isLink ? pc[row]! + jmpOffset2[row]! : c[2 * i]!
        const high = isLink ? 0 : c[2 * i + 1]!
        if (bits & FLAG.STORE_MEM) this.#word(storeOffset[row]! >>> 0, memStep + SLOT_STORE, true, low, high)
        else {
          const address = (a[2 * i]! + storeOffset[row]!) >>> 0
          const width = indWidth[row]!
          if (width === 8 && (address & 7) === 0) this.#word(address, memStep + SLOT_STORE, true, low, high)
          else at = this.#part({ address, width, memStep: memStep + SLOT_STORE, low, high }, true, words, at)
        }
      }
      position = wordEnd[i]!
    }
  }

  #word(address: number, memStep: number, isWrite: boolean, low: number, high: number): void {
    const { ram, rom } = this.#map
    const accesses = address >= ram.start ? this.ram : inRange(rom, address) ? this.romData : this.input
    accesses.push(address / 8, memStep, isWrite, low, high)
  }

  /** An access of part of a word or over two; returns the position in `words` after its words. */
  #part(
    access: { address: number; width: number; memStep: number; low: number; high: number },
    isWrite: boolean,
    words: BigUint64Array,
    at: number,
  ): number {
    const { address, width, memStep, low, high } = access
    const first = address - (address % 8)
    const touched = (address % 8) + width > 8 ? 2 : 1
    const word0 = words[at]!
    const word1 = touched === 2 ? words[at + 1]! : 0n
    const bytes = this.#scratch
    bytes.setBigUint64(0, word0, true)
    bytes.setBigUint64(8, word1, true)
    const each = (step: number, isStore: boolean): void => {
      for (let k = 0; k < touched; k++) {
        this.#word(first + 8 * k, step, isStore, bytes.getUint32(8 * k, true), bytes.getUint32(8 * k + 4, true))
      }
    }
    each(memStep, false)
    if (isWrite) {
      const offset = address % 8
      if (width === 1) bytes.setUint8(offset, low & 0xff)
      else if (width === 2) bytes.setUint16(offset, low & 0xffff, true)
      else bytes.setUint32(offset, low, true)
      if (width === 8) bytes.setUint32(offset + 4, high, true)
      each(memStep + 1, true)
    }
    const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
    this.alignment.push({ address, width, isWrite, memStep, value, word0, word1 })
    return at + touched
  }
}

function inRange(range: { readonly start: number; readonly size: number }, address: number): boolean {
  return address >= range.start && address < range.start + range.size
}
