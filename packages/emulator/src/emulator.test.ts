import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { ExecuteOptions, ExecuteResult } from './emulator.ts'
import { Emulator } from './emulator.ts'
import { type TinyInstruction, type TinyRomOptions, tinyRom } from './testing/tiny-rom.ts'

const UART = 0xa000_0200

function execute(
  program: readonly TinyInstruction[],
  options: ExecuteOptions = {},
  romOptions: TinyRomOptions = {},
): Promise<ExecuteResult> {
  const emulator = new Emulator()
  emulator.loadRom(tinyRom(program, romOptions))
  return emulator.execute(options)
}

const FOREVER: readonly TinyInstruction[] = [{ op: 'add', a: 'c', b: { imm: 1 }, j: [0, 0] }]

describe('Emulator', () => {
  test('refuses options out of range before it runs anything', async () => {
    for (const chunkSize of [0, 512, 1000, 1025, 2 ** 25, Number.NaN]) {
      await expect(execute([], { chunkSize })).rejects.toMatchObject({
        code: 'INVALID_RUN_OPTION',
        exitStatus: 'usage',
      })
    }
    for (const maxSteps of [0, -1, 0.5, 2 ** 53, Number.NaN]) {
      await expect(execute([], { maxSteps })).rejects.toMatchObject({ code: 'INVALID_RUN_OPTION' })
    }
    await expect(new Emulator().execute()).rejects.toThrow('loadRom')
  })

  test('refuses input that does not fit its framing or the memory map', async () => {
    const input = Uint8Array.of(1, 2, 3)
    await expect(execute([], { input })).rejects.toMatchObject({ code: 'INPUT_NOT_FRAMED' })
    await expect(execute([], { input, framing: 'raw', maxInputBytes: 8 })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
    })
    const region = 128 * 2 ** 20
    const large = new Uint8Array(region - 8)
    await expect(execute([], { input: large, maxInputBytes: region }, { map: 'v0.12' })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
    })
  })

  test('frames input as the memory map says: records, or raw bytes of one record', async () => {
    const read = (start: number): TinyInstruction => ({
      op: 'copyb',
      a: { imm: start },
      b: { ind: 8, width: 8 },
      to: { reg: 1 },
    })
    const raw = await execute([read(0x9000_0000)], { input: Uint8Array.of(1, 2, 3) }, { map: 'v0.12' })
    expect(raw.machine.registers[1]).toBe(3n)
    const records = await execute([read(0x4000_0000)], {
      input: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 8, 9, 0, 0, 0, 0, 0, 0),
    })
    expect(records.machine.registers[1]).toBe(2n)
  })

  test('reports exit word, public outputs and steps', async () => {
    const { outcome } = await execute([
      { op: 'pubout', a: { imm: 1 }, b: { imm: 0x2_0000_0001n } },
      { op: 'pubout', a: { imm: 32 }, b: { imm: 9 } },
    ])
    const publics = new Uint32Array(64)
    publics.set([1, 2], 2)
    expect(outcome).toEqual({ kind: 'exited', steps: 5, exitWord: 9n, publics, publishedWords: 2 })
  })

  test('runs its ROM many times, also at once, each time afresh', async () => {
    const emulator = new Emulator()
    emulator.loadRom(tinyRom([{ op: 'add', a: { mem: UART + 256 }, b: { imm: 1 }, to: { mem: UART + 256 } }]))
    const results = await Promise.all([emulator.execute(), emulator.execute()])
    results.push(await emulator.execute())
    expect(results.map(({ machine }) => machine.memory.wordAt(UART + 256))).toEqual([1n, 1n, 1n])
  })

  test('hands on text in order and in batches, before a fault and at the step limit too', async () => {
    const text = 'Hello, ZisK\n'
    const print = [...text].map(
      (char): TinyInstruction => ({
        op: 'copyb',
        a: { imm: UART },
        b: { imm: char.charCodeAt(0) },
        to: { ind: 0, width: 1 },
      }),
    )
    const ends: (readonly [readonly TinyInstruction[], ExecuteOptions])[] = [
      [[], {}],
      [[{ op: 'halt', b: { imm: 1 } }], {}],
      [FOREVER, { maxSteps: 5000 }],
    ]
    for (const [after, options] of ends) {
      const batches: string[] = []
      await execute([...print, ...after], {
        ...options,
        onText: (bytes) => batches.push(new TextDecoder().decode(bytes)),
      })
      expect(batches).toEqual([text])
    }
    const many: number[] = []
    await execute(
      Array.from({ length: 10_000 }, (_, i) => ({ ...print[0]!, b: { imm: i & 255 } })),
      {
        onText: (bytes) => many.push(...bytes),
      },
    )
    expect(many).toEqual(Array.from({ length: 10_000 }, (_, i) => i & 255))
  })
})

describe('limits', () => {
  test('the step limit stops an endless loop on the step, with and without a trace', async () => {
    for (const maxSteps of [1, 2, 1023, 1024, 1025, 300_000]) {
      for (const onChunk of [undefined, (): void => {}]) {
        const { outcome, machine } = await execute(FOREVER, { maxSteps, onChunk })
        expect({ outcome, c: machine.lastC }).toEqual({
          outcome: { kind: 'stepLimit', steps: maxSteps },
          c: BigInt(maxSteps - 1) + 0x8000_0000n,
        })
      }
    }
  })

  test('a run that exits on its last allowed step has exited', async () => {
    expect((await execute([], { maxSteps: 3 })).outcome.kind).toBe('exited')
    expect((await execute([], { maxSteps: 2 })).outcome.kind).toBe('stepLimit')
  })

  test('an abort stops an endless loop: before the first step, from a timer, and from a consumer of chunks', async () => {
    const reason = new Error('enough')
    expect((await execute(FOREVER, { signal: AbortSignal.abort(reason) })).outcome).toEqual({
      kind: 'aborted',
      steps: 0,
      reason,
    })
    const timer = new AbortController()
    setTimeout(() => timer.abort(reason), 20)
    expect((await execute(FOREVER, { signal: timer.signal })).outcome).toMatchObject({ kind: 'aborted', reason })
    const consumer = new AbortController()
    const { outcome } = await execute(FOREVER, {
      signal: consumer.signal,
      chunkSize: 1024,
      onChunk: async (chunk) => {
        await Promise.resolve()
        if (chunk.firstStep === 2048) consumer.abort(reason)
      },
    })
    expect(outcome).toEqual({ kind: 'aborted', steps: 4096, reason })
  })

  test('an error of the consumer of chunks passes through', async () => {
    const onChunk = (): void => {
      throw new Error('disk full')
    }
    await expect(execute(FOREVER, { onChunk })).rejects.toThrow('disk full')
  })
})

test('a host that refuses the address space gives a typed error', () => {
  const script = `
    import { GuestMemory } from ${JSON.stringify(new URL('./guest-memory.ts', import.meta.url).href)}
    import { tinyRom } from ${JSON.stringify(new URL('./testing/tiny-rom.ts', import.meta.url).href)}
    try { new GuestMemory(tinyRom([]), new Uint8Array(0)) } catch (error) { console.log(error.code, error.remedy) }`
  const flags = ['--wasm-max-mem-pages=1000', '--conditions=zisk-source', '--import', 'tsx', '--input-type=module']
  const output = execFileSync(process.execPath, flags, { input: script, encoding: 'utf8' })
  expect(output).toMatch(/^GUEST_MEMORY_UNAVAILABLE .*ulimit -v/)
})
