import { FLAG, type MemoryMap, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import type { InputsGenerator } from '../roles/bus-device.ts'
import { AlignmentInputs } from './alignment-inputs.ts'
import { WordAccesses } from './word-accesses.ts'

const SLOTS = 4
const SLOT_A = 1
const SLOT_B = 2
const SLOT_STORE = 3

/** Which accesses are wanted. */
export interface MemoryWants {
  /** Accesses to whole words: of RAM, of read-only data, of the input. */
  readonly ram?: boolean
  readonly romData?: boolean
  readonly input?: boolean
  /** Accesses that are not of a whole word. */
  readonly alignment?: boolean
}

/** Memory accesses by the machines that prove them. */
export interface MemoryInputs {
  readonly ram: WordAccesses
  readonly romData: WordAccesses
  readonly input: WordAccesses
  readonly alignment: AlignmentInputs
}

/**
 * Finds the memory accesses of replayed steps for the machines of the regions and for the alignment machines. An access
 * that is not of a whole word goes to the latter, and the accesses to whole words that it stands for go to the machine of
 * the region.
 */
export class MemoryInputsGenerator implements InputsGenerator<MemoryInputs>, MemoryInputs {
  readonly ram: WordAccesses = new WordAccesses()
  readonly romData: WordAccesses = new WordAccesses()
  readonly input: WordAccesses = new WordAccesses()
  readonly alignment: AlignmentInputs = new AlignmentInputs()
  readonly #rom: ZiskRom
  readonly #map: MemoryMap
  readonly #wants: MemoryWants
  /** Whether accesses to whole words are wanted. */
  readonly #wantsWords: boolean
  /** Two words in which a store replaces bytes. */
  readonly #limbs: Int32Array = new Int32Array(4)
  readonly #bytes: Uint8Array = new Uint8Array(this.#limbs.buffer)

  constructor(rom: ZiskRom, wants: MemoryWants) {
    this.#rom = rom
    this.#map = rom.memoryMap
    this.#wants = wants
    this.#wantsWords = wants.ram === true || wants.romData === true || wants.input === true
  }

  generate(batch: StepBatch): MemoryInputs {
    this.clear()
    this.append(batch)
    return this
  }

  /** Forgets all accesses. */
  clear(): void {
    this.ram.length = 0
    this.romData.length = 0
    this.input.length = 0
    this.alignment.length = 0
  }

  /** Adds the accesses of a batch. */
  append(batch: StepBatch): void {
    const { flags, aLow, bLow, storeOffset, indWidth, jmpOffset2, pc } = this.#rom.instructions.columns
    const { a, b, c, row: rows, wordEnd } = batch
    const words = new Int32Array(batch.words.buffer, batch.words.byteOffset, 2 * batch.words.length)
    let position = 0
    for (let i = 0; i < batch.length; i++) {
      const row = rows[i]!
      const bits = flags[row]!
      if (!(bits & ANY_ACCESS)) continue
      const memStep = SLOTS * (batch.firstStep + i)
      let at = position
      if (bits & FLAG.A_MEM) {
        this.#word(aLow[row]!, memStep + SLOT_A, false, a[2 * i]!, a[2 * i + 1]!)
        at++
      }
      if (bits & FLAG.B_MEM) {
        this.#word(bLow[row]!, memStep + SLOT_B, false, b[2 * i]!, b[2 * i + 1]!)
        at++
      } else if (bits & FLAG.B_IND) {
        const address = (a[2 * i]! + bLow[row]!) >>> 0
        const width = indWidth[row]!
        const isWhole = width === 8 && (address & 7) === 0
        if (isWhole) this.#word(address, memStep + SLOT_B, false, b[2 * i]!, b[2 * i + 1]!)
        else at = this.#part(address, width, memStep + SLOT_B, 0, b[2 * i]!, b[2 * i + 1]!, words, at)
      }
      if (bits & (FLAG.STORE_MEM | FLAG.STORE_IND)) {
        const isLink = bits & FLAG.STORE_PC
        const low = isLink ? pc[row]! + jmpOffset2[row]! : c[2 * i]!
        const high = isLink ? 0 : c[2 * i + 1]!
        if (bits & FLAG.STORE_MEM) this.#word(storeOffset[row]! >>> 0, memStep + SLOT_STORE, true, low, high)
        else {
          const address = (a[2 * i]! + storeOffset[row]!) >>> 0
          const width = indWidth[row]!
          const isWhole = width === 8 && (address & 7) === 0
          if (isWhole) this.#word(address, memStep + SLOT_STORE, true, low, high)
          else this.#part(address, width, memStep + SLOT_STORE, 1, low, high, words, at)
        }
      }
      position = wordEnd[i]!
    }
  }

  #word(address: number, memStep: number, isWrite: boolean, low: number, high: number): void {
    const { ram, rom } = this.#map
    const wants = this.#wants
    if (address >= ram.start) {
      if (wants.ram) this.ram.push(address / 8, memStep, isWrite, low, high)
    } else if (address >= rom.start && address < rom.start + rom.size) {
      if (wants.romData) this.romData.push(address / 8, memStep, isWrite, low, high)
    } else if (wants.input) this.input.push(address / 8, memStep, isWrite, low, high)
  }

  /** An access of part of a word or over two; returns the position in `words` (of 64 bits) after its words. */
  #part(
    address: number,
    width: number,
    memStep: number,
    isWrite: 0 | 1,
    low: number,
    high: number,
    words: Int32Array,
    at: number,
  ): number {
    const offset = address & 7
    const touched = offset + width > 8 ? 2 : 1
    const first = address - offset
    const w = 2 * at
    const [low1, high1] = touched === 2 ? [words[w + 2]!, words[w + 3]!] : [0, 0]
    if (this.#wants.alignment) {
      const i = this.alignment.append(address, width, isWrite, memStep)
      this.alignment.setWord(0, i, low, high)
      this.alignment.setWord(1, i, words[w]!, words[w + 1]!)
      this.alignment.setWord(2, i, low1, high1)
    }
    if (this.#wantsWords) {
      this.#word(first, memStep, false, words[w]!, words[w + 1]!)
      if (touched === 2) this.#word(first + 8, memStep, false, low1, high1)
      if (isWrite === 1) {
        const limbs = this.#limbs
        limbs[0] = words[w]!
        limbs[1] = words[w + 1]!
        limbs[2] = low1
        limbs[3] = high1
        for (let k = 0; k < width; k++) this.#bytes[offset + k] = (k < 4 ? low : high) >>> (8 * (k & 3))
        this.#word(first, memStep + 1, true, limbs[0]!, limbs[1]!)
        if (touched === 2) this.#word(first + 8, memStep + 1, true, limbs[2]!, limbs[3]!)
      }
    }
    return at + touched
  }
}

/** Instructions without one of these do not touch memory, and record no words. */
const ANY_ACCESS: number = FLAG.A_MEM | FLAG.B_MEM | FLAG.B_IND | FLAG.STORE_MEM | FLAG.STORE_IND
