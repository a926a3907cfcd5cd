import { Emulator, type EmulatorOptions } from '@zisk/emulator'
import { loadProgram } from '@zisk/sdk'
import { describe, expect, test } from 'vitest'
import { spawnQemu } from '../run-qemu.ts'
import { randomProgram } from './random-program.ts'

/** Other seeds: `ZISK_DIFFERENTIAL_SEED=1000 ZISK_DIFFERENTIAL_PROGRAMS=500 vitest run ...`. */
const FIRST_SEED = Number(process.env['ZISK_DIFFERENTIAL_SEED'] ?? 1)
const PROGRAMS = Number(process.env['ZISK_DIFFERENTIAL_PROGRAMS'] ?? 60)
const PIECES = 1200
/** Most of a program runs a few times: all of it is compiled, although that does not pay off. */
const EXECUTORS: readonly EmulatorOptions[] = [{ executor: 'interpreter' }, { executor: 'jit', compileAfter: 0 }]

/** First differing register or buffer byte, as text; `undefined` when equal. */
function firstDifference(ours: Uint8Array, theirs: Uint8Array): string | undefined {
  if (theirs.length !== ours.length) return `qemu wrote ${theirs.length} bytes, expected ${ours.length}`
  const at = ours.findIndex((byte, index) => byte !== theirs[index])
  if (at < 0) return undefined
  const word = at - (at % 8)
  const read = (bytes: Uint8Array): string =>
    new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(word, true).toString(16)
  return `${at < 256 ? `x${at >> 3}` : `buffer + ${word - 256}`}: ours ${read(ours)}, qemu ${read(theirs)}`
}

describe('random programs end with the registers and memory of qemu-riscv64', () => {
  test.each(Array.from({ length: PROGRAMS }, (_, index) => FIRST_SEED + index))('seed %i', async (seed) => {
    const { elf, dumpAddress, dumpBytes } = randomProgram(seed, PIECES)
    const reference = spawnQemu({ elf })
    expect(reference.status, 'exit status of qemu').toBe(0)
    const { rom } = loadProgram(elf)
    for (const options of EXECUTORS) {
      const { executor } = options
      const emulator = new Emulator(options)
      emulator.loadRom(rom)
      const { outcome, machine } = await emulator.execute({ maxSteps: 10_000_000 })
      expect(outcome.kind, executor).toBe('exited')
      const ours = new Uint8Array(machine.memory.memory.buffer, dumpAddress, dumpBytes)
      expect(firstDifference(ours, reference.stdout), executor).toBeUndefined()
    }
  })
})

test('the comparison sees one changed bit', () => {
  const bytes = new Uint8Array(512)
  const changed = bytes.slice()
  changed[300] = 1
  expect(firstDifference(bytes, changed)).toBe('buffer + 40: ours 0, qemu 100000000')
})
