import type { ZiskRom } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { Emulator, type ExecuteResult } from '../emulator.ts'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import { MachineState } from '../machine-state.ts'
import { randomProgram } from '../testing/random-program.ts'
import { type TinyInstruction, tinyRom } from '../testing/tiny-rom.ts'
import type { TraceChunk } from '../trace-chunk.ts'
import { TraceError } from '../trace-error.ts'
import { Uart } from '../uart.ts'
import { replayChunk } from './replay-chunk.ts'

async function trace(
  rom: ZiskRom,
  chunkSize: number,
  maxSteps?: number,
): Promise<ExecuteResult & { readonly chunks: TraceChunk[] }> {
  const emulator = new Emulator()
  emulator.loadRom(rom)
  const chunks: TraceChunk[] = []
  const result = await emulator.execute({
    chunkSize,
    maxSteps,
    onChunk: (chunk) => {
      chunks.push(chunk)
    },
  })
  return { ...result, chunks }
}

/** pc of every executed instruction and its result, by stepping one by one. */
function steppedResults(rom: ZiskRom): { pc: bigint; c: bigint }[] {
  const machine = new MachineState({ rom, input: new Uint8Array(0), uart: new Uart(() => {}) })
  const interpreter = new Interpreter(machine)
  const results: { pc: bigint; c: bigint }[] = []
  while (machine.status === 'running') {
    const { pc } = machine
    if (interpreter.stepMany(1) === 1) results.push({ pc, c: machine.lastC })
  }
  return results
}

const isLastOnly = (chunks: readonly TraceChunk[]): boolean =>
  chunks.every((chunk, i) => chunk.last === (i === chunks.length - 1))

describe('chunks', () => {
  const rom = tinyRom(randomProgram(1, 200, 60))
  const decoded = decodeRom(rom.instructions)
  const stepped = steppedResults(rom)

  test.each([1024, 2048, 4096, 2 ** 18])(
    'of %i steps replay alone, one into the next, to the end of the run',
    async (size) => {
      const { chunks, machine, outcome } = await trace(rom, size)
      expect(outcome).toMatchObject({ kind: 'exited', steps: stepped.length })
      expect(chunks.length).toBe(Math.ceil(stepped.length / size))
      expect(isLastOnly(chunks)).toBe(true)
      const replayed: { pc: bigint; c: bigint }[] = []
      chunks.forEach((chunk, i) => {
        expect({ first: chunk.firstStep, steps: chunk.steps }).toEqual({
          first: i * size,
          steps: Math.min(size, stepped.length - i * size),
        })
        expect(chunk.reads.buffer).toBeInstanceOf(SharedArrayBuffer)
        const end = replayChunk(decoded, chunk, (batch) => {
          expect(batch.firstStep).toBe(replayed.length)
          const c = new BigUint64Array(batch.c.buffer as ArrayBuffer)
          for (let j = 0; j < batch.length; j++) {
            replayed.push({ pc: BigInt(rom.instructions.columns.pc[batch.row[j]!]!), c: c[j]! })
          }
        })
        const next = chunks[i + 1]?.start ?? {
          pc: Number(machine.pc),
          lastC: machine.lastC,
          registers: machine.registers.slice(),
        }
        expect(end).toEqual(next)
      })
      expect(replayed).toEqual(stepped)
    },
  )

  test.each([1024, 2 ** 24])('of %i steps that are lent hold the words of chunks that are kept', async (chunkSize) => {
    const { chunks } = await trace(rom, chunkSize)
    const emulator = new Emulator()
    emulator.loadRom(rom)
    let count = 0
    await emulator.execute({
      chunkSize,
      lendsReads: true,
      onChunk: async (chunk) => {
        // Whatever happens until the promise is fulfilled, the words stay.
        await new Promise((resolve) => setImmediate(resolve))
        expect({ ...chunk, reads: chunk.reads.slice() }).toEqual({
          ...chunks[count]!,
          reads: chunks[count]!.reads.slice(),
        })
        count++
      },
    })
    expect(count).toBe(chunks.length)
  })

  test('tell which words each step touched', async () => {
    const program: TinyInstruction[] = [
      { op: 'copyb', a: { imm: 0xa010_0000 }, b: { imm: 0x1122_3344_5566_7788n }, to: { ind: 0, width: 8 } },
      { op: 'copyb', a: { imm: 0xa010_0000 }, b: { imm: -1n }, to: { ind: 12, width: 4 } },
      { op: 'copyb', a: { imm: 0xa010_0000 }, b: { imm: 0 }, to: { ind: 4, width: 8 } },
      { op: 'add', a: { mem: 0xa010_0000 }, b: { mem: 0xa010_0008 } },
      { op: 'copyb', a: { imm: 0xa010_0000 }, b: { ind: 1, width: 2 } },
      { op: 'copyb', a: { imm: 0xa010_0000 }, b: { ind: 7, width: 2 }, to: { ind: 6, width: 2 } },
    ]
    const tiny = tinyRom(program)
    const { chunks } = await trace(tiny, 1024)
    const ends: number[] = []
    replayChunk(decodeRom(tiny.instructions), chunks[0]!, (batch) =>
      ends.push(...batch.wordEnd.subarray(0, batch.length)),
    )
    expect(ends).toEqual([0, 0, 1, 3, 5, 6, 9, 9, 9])
    expect([...chunks[0]!.reads]).toEqual([
      0n,
      0x1122_3344_5566_7788n,
      0xffff_ffff_0000_0000n,
      0x0000_0000_5566_7788n,
      0xffff_ffff_0000_0000n,
      0x0000_0000_5566_7788n,
      0x0000_0000_5566_7788n,
      0xffff_ffff_0000_0000n,
      0x0000_0000_5566_7788n,
    ])
  })

  test('record a word once for narrow accesses in a row, and a replay knows it', async () => {
    const at = (offset: number): { imm: number } => ({ imm: 0xa010_0000 + offset })
    const load = (offset: number, width: 1 | 2 | 4 | 8): TinyInstruction => ({
      op: 'copyb',
      a: at(0),
      b: { ind: offset, width },
    })
    const store = (offset: number, width: 1 | 2 | 4 | 8, imm: bigint): TinyInstruction => ({
      op: 'copyb',
      a: at(0),
      b: { imm },
      to: { ind: offset, width },
    })
    const tiny = tinyRom([
      store(0, 8, 0x1111_1111_1111_1111n),
      load(0, 1), // recorded
      load(7, 1),
      store(1, 1, 0x22n), // recorded
      load(0, 2),
      store(2, 2, 0x3333n),
      store(4, 8, 0x4444_4444_4444_4444n), // two words recorded
      load(4, 4),
      store(-2, 4, 0x5555_5555n), // two words recorded
      load(0, 4),
      load(6, 4), // two words recorded
      store(8, 4, 0n), // recorded
      load(0, 1),
      store(12, 1, 1n),
      load(8, 1), // recorded
      load(0, 1), // recorded
    ])
    const { chunks } = await trace(tiny, 1024)
    const words: bigint[] = []
    const ends: number[] = []
    replayChunk(decodeRom(tiny.instructions), chunks[0]!, (batch) => {
      ends.push(...batch.wordEnd.subarray(0, batch.length))
      words.push(...batch.words.subarray(0, batch.wordEnd[batch.length - 1]))
    })
    expect(ends).toEqual([0, 0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 13, 14, 15, 16, 17, 18, 18, 18])
    expect(chunks[0]!.reads).toHaveLength(11)
    expect(words.map((word) => word.toString(16))).toEqual([
      '1111111111111111',
      '1111111111111111',
      '1111111111111111',
      '1111111111112211',
      '1111111111112211',
      '1111111133332211',
      '0',
      '4444444433332211',
      '0',
      '4444444433332211',
      '4444444433335555',
      '4444444433335555',
      '44444444',
      '44444444',
      '4444444433335555',
      '0',
      '100000000',
      '4444444433335555',
    ])
  })

  test('record a word again after a host call, which may have changed it', async () => {
    const read: TinyInstruction = { op: 'copyb', a: { imm: 0x4000_0000 }, b: { ind: 0, width: 4 } }
    const tiny = tinyRom([
      read,
      read,
      { op: 'fcall_param', a: { imm: 1 }, b: { imm: 0x4000_0008 } },
      { op: 'fcall', a: { imm: 23 } },
      read,
      read,
      { op: 'pubout', a: { imm: 0 }, b: { imm: 0 } },
      read,
    ])
    for (const executor of ['interpreter', 'jit'] as const) {
      const emulator = new Emulator({ executor, compileAfter: 0 })
      emulator.loadRom(tiny)
      const chunks: TraceChunk[] = []
      const onChunk = (chunk: TraceChunk): void => void chunks.push(chunk)
      const { outcome } = await emulator.execute({ input: new Uint8Array(8), onChunk })
      expect(outcome.kind).toBe('exited')
      expect(chunks[0]!.reads).toHaveLength(3)
      replayChunk(decodeRom(tiny.instructions), chunks[0]!)
    }
  })

  test('may begin inside an expansion', async () => {
    const micro = (pc: number): TinyInstruction => ({ pc, op: 'add', a: 'c', b: { imm: pc }, j: [1, 1], riscv: 0x202f })
    const pcs = Array.from({ length: 4 * 400 }, (_, i) => 0x8000_0000 + i)
    const tiny = tinyRom(pcs.map(micro))
    const { chunks, machine } = await trace(tiny, 1024)
    // The last flows on to the exit jump 3 bytes after it, which does not exist: the run faults there.
    expect(machine.status).toBe('faulted')
    expect(chunks[1]!.start.pc % 4).not.toBe(0)
    expect(replayChunk(decodeRom(tiny.instructions), chunks[0]!)).toEqual(chunks[1]!.start)
  })
})

describe('the last chunk', () => {
  const loop = tinyRom([{ op: 'add', a: 'c', b: { mem: 0xa010_0000 }, j: [0, 0] }])

  test.each([1023, 1024, 1025, 2048])('of a run with a limit of %i steps', async (limit) => {
    const { chunks, outcome } = await trace(loop, 1024, limit)
    expect(outcome).toEqual({ kind: 'stepLimit', steps: limit })
    expect(chunks.map((chunk) => chunk.steps).reduce((x, y) => x + y)).toBe(limit)
    expect(isLastOnly(chunks)).toBe(true)
    for (const chunk of chunks) replayChunk(decodeRom(loop.instructions), chunk)
  })

  test.each([3, 1021, 1022, 1023, 1024])(
    'before a fault after %i more steps keeps only whole instructions',
    async (count) => {
      const tiny = tinyRom([
        ...Array.from({ length: count }, (): TinyInstruction => ({ op: 'copyb', b: { mem: 0xa010_0000 } })),
        { op: 'copyb', a: { mem: 0xa010_0000 }, b: { ind: 0, width: 8 } },
      ])
      const { chunks, outcome } = await trace(tiny, 1024)
      expect(outcome).toMatchObject({ kind: 'fault', steps: count + 1, fault: { code: 'INVALID_READ' } })
      expect(isLastOnly(chunks)).toBe(true)
      expect(chunks.map((chunk) => chunk.reads.length).reduce((x, y) => x + y)).toBe(count)
      for (const chunk of chunks) replayChunk(decodeRom(tiny.instructions), chunk)
    },
  )
})

describe('a corrupt chunk', () => {
  const rom = tinyRom(randomProgram(2, 50, 10))
  const decoded = decodeRom(rom.instructions)
  const refusal = (chunk: TraceChunk): string | undefined => {
    try {
      replayChunk(decoded, chunk)
    } catch (error) {
      if (error instanceof TraceError) return error.code
      throw error
    }
    return undefined
  }

  test('is refused, whatever is wrong with it', async () => {
    const [chunk] = (await trace(rom, 1024)).chunks
    const good = chunk!
    expect(refusal(good)).toBeUndefined()
    expect(refusal({ ...good, reads: good.reads.slice(1) })).toBe('TRACE_CORRUPT')
    expect(refusal({ ...good, reads: good.reads.slice(0, -1) })).toBe('TRACE_CORRUPT')
    expect(refusal({ ...good, reads: new BigUint64Array(0) })).toBe('TRACE_CORRUPT')
    expect(refusal({ ...good, steps: good.steps + 1024 })).toBe('TRACE_CORRUPT')
    expect(refusal({ ...good, start: { ...good.start, pc: 4 } })).toBe('TRACE_CORRUPT')
  })
})
