/** Guest memory behind the step loop: checks every access, prints UART bytes, records what a minimal trace needs. */

import { ADDRESS, hex } from '@zisk/core'
import { GuestTrap } from '../faults.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { joinHalves } from '../halves.ts'
import type { ReadRecorder } from '../read-recorder.ts'
import type { Uart } from '../uart.ts'
import { extractLow, type OperandMemory } from './operand-memory.ts'

/** {@link OperandMemory} over a running guest's memory. */
export class LiveMemory implements OperandMemory {
  high = 0
  readonly position = 0
  /** Receives the words of the minimal trace; absent in a fast run. */
  recorder: ReadRecorder | undefined = undefined
  readonly #memory: GuestMemory
  readonly #uart: Uart
  /** First address of RAM as a signed 32-bit number: subtracting it stays in integer arithmetic. */
  readonly #ramStart: number
  readonly #ramSize: number
  readonly #ram: Int32Array
  readonly #ramBytes: Uint8Array
  readonly #uartIndex: number
  /** RAM indexes below this may be code. */
  readonly #codeEnd: number
  readonly #rom: Int32Array
  readonly #input: Int32Array
  /** Words of the region that {@link locate} found last. */
  #found: Int32Array

  constructor(memory: GuestMemory, uart: Uart) {
    const { map, input } = memory
    const { buffer } = memory.memory
    this.#memory = memory
    this.#uart = uart
    this.#ramStart = map.ram.start | 0
    this.#ramSize = map.ram.size
    this.#ram = memory.ramWords
    this.#ramBytes = memory.ramBytes
    this.#uartIndex = ADDRESS.uart - map.ram.start
    this.#codeEnd = Math.max(0, ...memory.codeInRam.map((range) => range.start + range.size - map.ram.start))
    this.#rom = new Int32Array(buffer, map.rom.start, map.rom.size / 4)
    this.#input = new Int32Array(buffer, input.start, input.size / 4)
    this.#found = this.#rom
  }

  readWord(address: number): number {
    if ((address & 7) !== 0) throw misaligned('INVALID_READ', address)
    return this.read(address, 0, 8)
  }

  read(addressLow: number, addressHigh: number, width: number): number {
    let words = this.#ram
    let index = (addressLow - this.#ramStart) >>> 0
    if (addressHigh !== 0 || index > this.#ramSize - width) {
      index = this.#locate(addressLow, addressHigh, width)
      words = this.#found
    }
    const i = (index >>> 3) << 1
    const w0 = words[i]!
    const w1 = words[i + 1]!
    const offset = index & 7
    const recorder = this.recorder
    if (offset + width <= 8) {
      if (width === 8) {
        recorder?.push(w0, w1)
        this.high = w1
        return w0
      }
      if (recorder !== undefined) {
        const word = addressLow & -8
        if (word !== recorder.lastRead) recorder.push(w0, w1)
        recorder.lastRead = word
      }
      this.high = 0
      return extractLow(w0, w1, 0, offset, width)
    }
    const w2 = words[i + 2]!
    const w3 = words[i + 3]!
    if (recorder !== undefined) {
      recorder.push(w0, w1)
      recorder.push(w2, w3)
    }
    this.high = width === 8 ? extractLow(w1, w2, w3, offset, 4) : 0
    return extractLow(w0, w1, w2, offset, width)
  }

  writeWord(address: number, low: number, high: number): void {
    if ((address & 7) !== 0) throw misaligned('INVALID_WRITE', address)
    this.#storeBytes(this.#writableIndex(address, 0, 8), 8, low, high)
  }

  write(addressLow: number, addressHigh: number, width: number, low: number, high: number): void {
    const index = this.#writableIndex(addressLow, addressHigh, width)
    const recorder = this.recorder
    if (recorder !== undefined && (width !== 8 || (index & 7) !== 0)) {
      const i = (index >>> 3) << 1
      const isInOneWord = (index & 7) + width <= 8
      const word = addressLow & -8
      if (!isInOneWord || word !== recorder.lastWritten) recorder.push(this.#ram[i]!, this.#ram[i + 1]!)
      if (isInOneWord) recorder.lastWritten = word
      else recorder.push(this.#ram[i + 2]!, this.#ram[i + 3]!)
    }
    this.#storeBytes(index, width, low, high)
    if (index === this.#uartIndex && width === 1) this.#uart.push(low & 0xff)
  }

  forgetWords(): void {
    this.recorder?.forgetWords()
  }

  #storeBytes(index: number, width: number, low: number, high: number): void {
    if ((index & 3) === 0 && width >= 4) {
      this.#ram[index >>> 2] = low
      if (width === 8) this.#ram[(index >>> 2) + 1] = high
      return
    }
    const bytes = this.#ramBytes
    bytes[index] = low
    if (width === 1) return
    bytes[index + 1] = low >> 8
    if (width === 2) return
    bytes[index + 2] = low >> 16
    bytes[index + 3] = low >> 24
    if (width === 4) return
    bytes[index + 4] = high
    bytes[index + 5] = high >> 8
    bytes[index + 6] = high >> 16
    bytes[index + 7] = high >> 24
  }

  /** RAM index of a write. @throws {GuestTrap} when the guest may not write there */
  #writableIndex(addressLow: number, addressHigh: number, width: number): number {
    const index = (addressLow - this.#ramStart) >>> 0
    if (
      addressHigh !== 0 ||
      index > this.#ramSize - width ||
      (index < this.#codeEnd && this.#memory.overlapsCode(addressLow >>> 0, width))
    ) {
      throw this.#memory.writeTrap(joinHalves(addressLow, addressHigh), width)
    }
    return index
  }

  /** Region (in `#found`) and index in it of a read outside RAM. @throws {GuestTrap} when nothing is there */
  #locate(addressLow: number, addressHigh: number, width: number): number {
    const address = addressLow >>> 0
    if (addressHigh !== 0 || !this.#memory.isReadable(address, width)) {
      throw this.#memory.readTrap(joinHalves(addressLow, addressHigh), width)
    }
    const isInput = address >= this.#memory.input.start && address < this.#memory.input.start + this.#memory.input.size
    this.#found = isInput ? this.#input : this.#rom
    return address - (isInput ? this.#memory.input.start : this.#memory.map.rom.start)
  }
}

/** A MEM operand or destination that no transpiler writes. */
function misaligned(code: 'INVALID_READ' | 'INVALID_WRITE', address: number): GuestTrap {
  return new GuestTrap(code, `MEM address expected a multiple of 8, got ${hex(address >>> 0)}`, joinHalves(address, 0))
}
