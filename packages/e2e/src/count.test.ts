import type { ZiskRom } from '@zisk/core'
import {
  countChunk,
  countChunks,
  decodeRom,
  Emulator,
  type ExecutorKind,
  frameInput,
  Interpreter,
  MachineState,
  type TraceChunk,
  Uart,
} from '@zisk/emulator'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { expect, test } from 'vitest'
import { loadFixtures } from './fixtures.ts'

const MAX_STEPS = 60_000
const GUESTS = ['interpreter', 'memory-copy', 'modexp', 'sha256-chain']

/** Executions of every ROM row, by looking at the pc before each step. */
function rowTimesByStepping(rom: ZiskRom, input: Uint8Array): Uint32Array {
  const framed = frameInput(input, { framing: rom.memoryMap.inputFraming })
  const machine = new MachineState({ rom, input: framed, uart: new Uart(() => {}) })
  const interpreter = new Interpreter(machine)
  const times = new Uint32Array(rom.instructions.length)
  while (machine.status === 'running' && machine.steps < MAX_STEPS) {
    times[rom.instructions.rowOf(Number(machine.pc))]!++
    interpreter.stepMany(1)
  }
  return times
}

async function traceOf(
  rom: ZiskRom,
  input: Uint8Array,
  executor: ExecutorKind,
  chunkSize: number,
): Promise<TraceChunk[]> {
  const emulator = new Emulator({ executor })
  emulator.loadRom(rom)
  const chunks: TraceChunk[] = []
  await emulator.execute({
    input,
    chunkSize,
    maxSteps: MAX_STEPS,
    onChunk: (chunk) => {
      chunks.push(chunk)
    },
  })
  return chunks
}

test.each(GUESTS)('%s: chunks of either executor counted in threads equal the run in one piece', async (name) => {
  const fixture = loadFixtures().find((candidate) => candidate.name === name)
  if (fixture === undefined) throw new Error(`no fixture ${name}`)
  const rom = transpile(readElf(fixture.elf))
  const input = fixture.input ?? new Uint8Array(0)
  const [whole] = await traceOf(rom, input, 'interpreter', 2 ** 16)
  const { steps, operations, accesses } = countChunk(decodeRom(rom.instructions), rom.memoryMap, whole!)
  const expected = { steps, operations, accesses, rowTimes: rowTimesByStepping(rom, input) }
  for (const executor of ['interpreter', 'jit'] as const) {
    expect(await countChunks(rom, await traceOf(rom, input, executor, 4096), { threads: 2 })).toEqual(expected)
  }
})
