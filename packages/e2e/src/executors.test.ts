import { createHash } from 'node:crypto'
import { Emulator, type ExecutorKind, type TraceChunk } from '@zisk/emulator'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { describe, expect, test } from 'vitest'
import { type Fixture, loadFixtures } from './fixtures.ts'

/** Most guests end before; of the others the first steps are compared. */
const MAX_STEPS = 3_000_001
const RAM_COMPARED = 2 ** 24

/** Everything that a run shows, as text. */
async function observe(
  fixture: Fixture,
  executor: ExecutorKind,
  chunkSize: number,
  isTraced: boolean,
): Promise<string> {
  const emulator = new Emulator({ executor })
  emulator.loadRom(transpile(readElf(fixture.elf)))
  const trace = createHash('sha256')
  const text = createHash('sha256')
  const { outcome, machine } = await emulator.execute({
    ...(fixture.input === undefined ? {} : { input: fixture.input }),
    chunkSize,
    maxSteps: MAX_STEPS,
    onText: (bytes) => text.update(bytes),
    onChunk: isTraced ? (chunk) => addChunk(trace, chunk) : undefined,
  })
  const observed = {
    outcome: { ...outcome, ...(outcome.kind === 'fault' ? { fault: outcome.fault.toJSON() } : {}) },
    pc: machine.pc,
    registers: [...machine.registers],
    memory: createHash('sha256').update(machine.memory.ramBytes.subarray(0, RAM_COMPARED)).digest('hex'),
    text: text.digest('hex'),
    trace: trace.digest('hex'),
  }
  return JSON.stringify(observed, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value), 1)
}

function addChunk(hash: ReturnType<typeof createHash>, { firstStep, steps, start, reads, last }: TraceChunk): void {
  hash.update(`${firstStep} ${steps} ${start.pc} ${start.lastC} ${start.registers.join()} ${last}`)
  hash.update(new Uint8Array(reads.buffer, reads.byteOffset, reads.byteLength))
}

describe('compiled code against the interpreter', () => {
  for (const fixture of loadFixtures()) {
    test(`${fixture.name}: same outcome, registers, memory, text and trace`, async () => {
      for (const chunkSize of [2 ** 10, 2 ** 18]) {
        expect(await observe(fixture, 'jit', chunkSize, true)).toBe(
          await observe(fixture, 'interpreter', chunkSize, true),
        )
      }
      expect(await observe(fixture, 'jit', 2 ** 18, false)).toBe(await observe(fixture, 'interpreter', 2 ** 18, false))
    })
  }
})
