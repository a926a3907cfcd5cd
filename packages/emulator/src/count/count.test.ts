import { type RomInstruction, SOURCE, STORE, type ZiskRom } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { Emulator } from '../emulator.ts'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import { MachineState } from '../machine-state.ts'
import { randomProgram } from '../testing/random-program.ts'
import { tinyRom } from '../testing/tiny-rom.ts'
import type { TraceChunk } from '../trace-chunk.ts'
import { Uart } from '../uart.ts'
import { accessCounter, alignmentOf, type Direction, type Region } from './access-class.ts'
import { countChunk } from './count-chunk.ts'
import { countChunks } from './count-pool.ts'
import { addChunkCounts, addRunCounts, createRunCounts, type RunCounts } from './counts.ts'

const CONSTANTS = 0x8010_0000

/** Random code, then reads of constants and input. */
function sampleRom(seed: number): ZiskRom {
  return tinyRom(
    [
      ...randomProgram(seed, 150, 40),
      ...[0, 1, 4, 6, 7].map((ind) => ({ op: 'copyb', a: { imm: CONSTANTS }, b: { ind, width: 2 } }) as const),
      { op: 'copyb', a: { imm: 0x4000_0000 }, b: { ind: 0, width: 4 } },
      { op: 'copyb', b: { mem: 0x4000_0000 } },
    ],
    { data: [{ address: CONSTANTS, writable: false, bytes: new Uint8Array(16).fill(9) }] },
  )
}

/** Counts by looking at every instruction of a run, one step at a time. */
function recount(rom: ZiskRom): RunCounts {
  const machine = new MachineState({ rom, input: new Uint8Array(0), uart: new Uart(() => {}) })
  const interpreter = new Interpreter(machine)
  const counts = createRunCounts(rom.instructions.length)
  const add = (address: number, width: number, direction: Direction): void => {
    const region: Region = address >= 0xa000_0000 ? 'ram' : address >= 0x8000_0000 ? 'rom' : 'input'
    counts.accesses[accessCounter(region, direction, alignmentOf(address % 8, width))]!++
  }
  const valueOfA = (inst: RomInstruction): bigint => {
    if (inst.aSrc === SOURCE.REG) return machine.registers[inst.aLow]!
    if (inst.aSrc === SOURCE.MEM) return machine.memory.wordAt(inst.aLow)
    return inst.aSrc === SOURCE.C ? machine.lastC : (BigInt(inst.aHigh) << 32n) | BigInt(inst.aLow)
  }
  while (machine.status === 'running') {
    const row = rom.instructions.rowOf(Number(machine.pc))
    const inst = rom.instructions.at(row)
    counts.steps++
    counts.rowTimes[row]!++
    counts.operations[inst.op]!++
    if (inst.aSrc === SOURCE.MEM) add(inst.aLow, 8, 'read')
    if (inst.bSrc === SOURCE.MEM) add(inst.bLow, 8, 'read')
    if (inst.bSrc === SOURCE.IND) add(Number(valueOfA(inst)) + inst.bLow, inst.indWidth, 'read')
    if (inst.store === STORE.MEM) add(inst.storeOffset, 8, 'write')
    if (inst.store === STORE.IND) add(Number(valueOfA(inst)) + inst.storeOffset, inst.indWidth, 'write')
    interpreter.stepMany(1)
  }
  expect(machine.status).toBe('ended')
  return counts
}

async function chunksOf(rom: ZiskRom, chunkSize: number): Promise<TraceChunk[]> {
  const emulator = new Emulator()
  emulator.loadRom(rom)
  const chunks: TraceChunk[] = []
  await emulator.execute({
    chunkSize,
    onChunk: (chunk) => {
      chunks.push(chunk)
    },
  })
  return chunks
}

describe('countChunk', () => {
  test('added over the chunks of any size, equals a recount of the run', async () => {
    for (const seed of [11, 12]) {
      const rom = sampleRom(seed)
      const decoded = decodeRom(rom.instructions)
      const expected = recount(rom)
      for (const chunkSize of [1024, 2048]) {
        const counts = createRunCounts(rom.instructions.length)
        for (const chunk of await chunksOf(rom, chunkSize))
          addChunkCounts(counts, countChunk(decoded, rom.memoryMap, chunk))
        expect({ seed, chunkSize, counts }).toEqual({ seed, chunkSize, counts: expected })
      }
    }
  })

  test('parts of a run add up; 2^32 steps are refused', () => {
    const total = createRunCounts(2)
    const part = { ...createRunCounts(2), steps: 2 ** 31, rowTimes: Uint32Array.of(1, 2) }
    addRunCounts(total, part)
    expect(total).toEqual(part)
    expect(() => addRunCounts(total, part)).toThrow(expect.objectContaining({ code: 'TRACE_TOO_LONG' }))
  })
})

describe('countChunks in worker threads', () => {
  const rom = sampleRom(13)

  test('equals a recount of the run, with one thread and with two', async () => {
    const expected = recount(rom)
    const chunks = await chunksOf(rom, 1024)
    for (const threads of [1, 2]) expect(await countChunks(rom, chunks, { threads })).toEqual(expected)
  })

  test('takes chunks as they come, and none at all', async () => {
    const chunks = await chunksOf(rom, 2048)
    async function* slowly(): AsyncGenerator<TraceChunk> {
      for (const chunk of chunks) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        yield chunk
      }
    }
    expect((await countChunks(rom, slowly(), { threads: 1 })).steps).toBe(recount(rom).steps)
    expect(await countChunks(rom, [], { threads: 1 })).toEqual(createRunCounts(rom.instructions.length))
  })

  test('a corrupt chunk rejects with its typed error, also while the source of chunks is silent', async () => {
    const chunks = await chunksOf(rom, 1024)
    const corrupt = { ...chunks[1]!, reads: new BigUint64Array(0) }
    const error = expect.objectContaining({ name: 'TraceError', code: 'TRACE_CORRUPT' })
    await expect(countChunks(rom, [chunks[0]!, corrupt, ...chunks.slice(2)], { threads: 1 })).rejects.toEqual(error)
    async function* silent(): AsyncGenerator<TraceChunk> {
      yield corrupt
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    await expect(countChunks(rom, silent(), { threads: 1 })).rejects.toEqual(error)
  })

  test('an error of the source of chunks passes through', async () => {
    const chunks = await chunksOf(rom, 1024)
    function* failing(): Generator<TraceChunk> {
      yield chunks[0]!
      throw new Error('no more')
    }
    await expect(countChunks(rom, failing(), { threads: 1 })).rejects.toThrow('no more')
  })

  test('an abort rejects with its reason, before and during the count', async () => {
    const chunks = await chunksOf(rom, 1024)
    const reason = new Error('enough')
    await expect(countChunks(rom, chunks, { threads: 1, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    function* aborting(): Generator<TraceChunk> {
      yield chunks[0]!
      yield chunks[1]!
      controller.abort(reason)
      yield chunks[2]!
    }
    await expect(countChunks(rom, aborting(), { threads: 1, signal: controller.signal })).rejects.toBe(reason)
  })
})
