import { createHash } from 'node:crypto'
import { MEMORY_MAPS } from '@zisk/core'
import { Emulator, type EmulatorOptions, type MachineState, type TraceChunk } from '@zisk/emulator'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { describe, expect, test } from 'vitest'
import { type Fixture, loadFixtures } from './fixtures.ts'

/** What a guest without end is cut to. */
const ENDLESS_STEPS = 3_000_001
/** Longer runs are compared with one chunk size: the interpreter takes seconds for them. */
const LONG_RUN_STEPS = 3_000_000
/** Of the stack, which begins RAM, and of what ZisK's RAM begins with. */
const RAM_COMPARED = [
  [MEMORY_MAPS['v0.18'].ram.start, 2 ** 21],
  [0xa000_0000, 2 ** 24],
] as const

function hashOf({ memory: { ramBytes, map } }: MachineState): string {
  const hash = createHash('sha256')
  for (const [start, size] of RAM_COMPARED) {
    hash.update(ramBytes.subarray(start - map.ram.start, start - map.ram.start + size))
  }
  return hash.digest('hex')
}

/** Everything that a run shows, as text, and the hash of its trace. */
async function observe(
  fixture: Fixture,
  options: EmulatorOptions,
  chunkSize: number,
  isTraced: boolean,
): Promise<{ readonly run: string; readonly trace: string }> {
  const emulator = new Emulator(options)
  emulator.loadRom(transpile(readElf(fixture.elf)))
  const trace = createHash('sha256')
  const text = createHash('sha256')
  const { outcome, machine } = await emulator.execute({
    ...(fixture.input === undefined ? {} : { input: fixture.input }),
    chunkSize,
    ...(fixture.expected.fault?.code === 'STEP_LIMIT' ? { maxSteps: ENDLESS_STEPS } : {}),
    onText: (bytes) => text.update(bytes),
    onChunk: isTraced ? (chunk) => addChunk(trace, chunk) : undefined,
    lendsReads: true,
  })
  const observed = {
    outcome: { ...outcome, ...(outcome.kind === 'fault' ? { fault: outcome.fault.toJSON() } : {}) },
    pc: machine.pc,
    lastC: machine.lastC,
    registers: [...machine.registers],
    memory: hashOf(machine),
    text: text.digest('hex'),
  }
  const run = JSON.stringify(observed, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value), 1)
  return { run, trace: trace.digest('hex') }
}

function addChunk(hash: ReturnType<typeof createHash>, { firstStep, steps, start, reads, last }: TraceChunk): void {
  hash.update(`${firstStep} ${steps} ${start.pc} ${start.lastC} ${start.registers.join()} ${last}`)
  hash.update(new Uint8Array(reads.buffer, reads.byteOffset, reads.byteLength))
}

describe('compiled code against the interpreter', () => {
  for (const fixture of loadFixtures()) {
    test(`${fixture.name}: same outcome, registers, memory, text and trace`, async () => {
      const isLong = (fixture.expected.steps ?? 0) > LONG_RUN_STEPS
      for (const chunkSize of isLong ? [2 ** 18] : [2 ** 10, 2 ** 18]) {
        // Small chunks go with code that is compiled at once, even where it runs once.
        const jit: EmulatorOptions = { executor: 'jit', compileAfter: chunkSize === 2 ** 10 ? 0 : undefined }
        const expected = await observe(fixture, { executor: 'interpreter' }, chunkSize, true)
        expect(await observe(fixture, jit, chunkSize, true)).toEqual(expected)
        expect((await observe(fixture, jit, chunkSize, false)).run).toBe(expected.run)
      }
    })
  }
})
