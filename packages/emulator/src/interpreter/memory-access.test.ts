import { type DataSegment, type IndirectWidth, MEMORY_MAPS } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { frameInput } from '../input.ts'
import { runTiny, type tinyMachine } from '../testing/tiny-machine.ts'
import { TINY_CODE, type TinyInstruction } from '../testing/tiny-rom.ts'

const WIDTHS = [1, 2, 4, 8] as const
const RAM = 0xa010_0000
const { start: RAM_START } = MEMORY_MAPS['v0.18'].ram
const RAM_END = 0xc000_0000
const DATA = 0x8010_0000
const INPUT = 0x4000_0000

const readOnly = (address: number, ...bytes: number[]): DataSegment => ({
  address,
  writable: false,
  bytes: Uint8Array.from(bytes),
})

const load = (width: IndirectWidth, offset = 0): TinyInstruction => ({
  op: 'copyb',
  a: { reg: 1 },
  b: { ind: offset, width },
  to: { reg: 2 },
})

const store = (width: IndirectWidth, offset = 0): TinyInstruction => ({
  op: 'copyb',
  a: { reg: 1 },
  b: { reg: 2 },
  to: { ind: offset, width },
})

/** Fault of one instruction with x1 as address: code and address, after checking that nothing changed. */
function faultOf(
  instruction: TinyInstruction,
  address: bigint,
  options: Parameters<typeof tinyMachine>[1] = {},
): string {
  const before: TinyInstruction = { op: 'add', a: { imm: 40 }, b: { imm: 2 }, to: { reg: 3 } }
  const { machine } = runTiny([before, instruction], { ...options, registers: { 1: address, 2: 77n } })
  const { fault } = machine
  if (fault === undefined) return 'none'
  expect(machine.status).toBe('faulted')
  expect({ pc: machine.pc, steps: machine.steps, lastC: machine.lastC }).toEqual({
    pc: BigInt(TINY_CODE + 4),
    steps: 2,
    lastC: 0n,
  })
  expect([...machine.registers.subarray(0, 4)]).toEqual([0n, address, 77n, 42n])
  expect({ pc: fault.pc, step: fault.step, registers: fault.registers }).toEqual({
    pc: machine.pc,
    step: 2,
    registers: machine.registers.slice(),
  })
  expect(fault.address).toBeDefined()
  return fault.code
}

describe('refused accesses', () => {
  const data = {
    data: [readOnly(DATA, ...new Array<number>(16).fill(1)), readOnly(DATA + 24, ...new Array<number>(8).fill(2))],
  }

  test.each([
    ['null', 0n],
    ['the host-private area', 0x1000n],
    ['the last byte below the input', BigInt(INPUT - 8)],
    ['code that is not data', BigInt(TINY_CODE)],
    ['a hole between two data segments', BigInt(DATA + 16)],
    ['below the stack and its guard', 0x97ff_fff0n],
    ['above RAM', BigInt(RAM_END)],
    ['a RAM address with high bits', 0x1_a010_0000n],
    ['all ones minus 7', 0xffff_ffff_ffff_fff8n],
  ])('reading %s', (_what, address) => {
    for (const width of WIDTHS) expect(faultOf(load(width), address, data)).toBe('INVALID_READ')
  })

  test('reading behind the input and the zero word that ends it', () => {
    for (const width of WIDTHS) expect(faultOf(load(width), BigInt(INPUT + 16), data)).toBe('READ_BEYOND_INPUT')
    for (const width of WIDTHS) expect(faultOf(load(width), BigInt(INPUT + 8), data)).toBe('none')
  })

  test.each([
    ['the end of RAM', BigInt(RAM_END)],
    ['the end of a data segment', BigInt(DATA + 16)],
    ['the zero word behind the input', BigInt(INPUT + 16)],
  ])('reading across %s', (_what, end) => {
    for (const width of [2, 4, 8] as const) {
      for (let inside = 1; inside < width; inside++) {
        expect(faultOf(load(width), end - BigInt(inside), data)).toBe('ACCESS_CROSSES_REGION')
      }
      expect(faultOf(load(width), end - BigInt(width), data)).toBe('none')
    }
  })

  test('reading across the start of RAM', () => {
    expect(faultOf(load(8), BigInt(RAM_START) - 4n, data)).toBe('STACK_OVERFLOW')
  })

  test.each([
    ['INVALID_WRITE', 'null', 0n],
    ['INVALID_WRITE', 'the host-private area', 0x1000n],
    ['WRITE_TO_ROM', 'code', BigInt(TINY_CODE)],
    ['WRITE_TO_ROM', 'constants', BigInt(DATA)],
    ['WRITE_TO_INPUT', 'the input', BigInt(INPUT)],
    ['INVALID_WRITE', 'above RAM', BigInt(RAM_END)],
    ['STACK_OVERFLOW', 'the end of the stack', BigInt(RAM_START - 8)],
    ['STACK_OVERFLOW', 'far below the end of the stack', 0x9800_0000n],
    ['INVALID_WRITE', 'still further below', 0x9800_0000n - 8n],
    ['INVALID_WRITE', 'a RAM address with high bits', 0x1_a010_0000n],
  ])('%s: writing to %s', (code, _what, address) => {
    for (const width of WIDTHS) expect(faultOf(store(width), address, data)).toBe(code)
  })

  test('writing across the end of RAM changes nothing', () => {
    for (const width of [2, 4, 8] as const) {
      for (let inside = 1; inside < width; inside++) {
        expect(faultOf(store(width), BigInt(RAM_END - inside))).toBe('ACCESS_CROSSES_REGION')
      }
    }
    const { machine } = runTiny([store(8)], { registers: { 1: BigInt(RAM_END - 4), 2: (1n << 64n) - 1n } })
    expect(machine.memory.wordAt(RAM_END - 8)).toBe(0n)
  })

  test('writing to code in RAM, touching it with one byte', () => {
    const codeInRam = [{ start: RAM + 16, size: 8 }]
    expect(faultOf(store(8), BigInt(RAM + 9), { codeInRam })).toBe('WRITE_TO_CODE')
    expect(faultOf(store(1), BigInt(RAM + 23), { codeInRam })).toBe('WRITE_TO_CODE')
    expect(faultOf(store(8), BigInt(RAM + 8), { codeInRam })).toBe('none')
    expect(faultOf(store(1), BigInt(RAM + 24), { codeInRam })).toBe('none')
    expect(faultOf(load(8), BigInt(RAM + 16), { codeInRam })).toBe('none')
  })

  test('the address of an indirect access wraps like 64-bit addition', () => {
    expect(faultOf(load(8, 8), 0xffff_ffff_ffff_fff8n)).toBe('INVALID_READ')
    expect(faultOf(load(1, -1), 0n)).toBe('INVALID_READ')
    expect(faultOf(load(1, -16), 0x1_0000_0000n, { codeInRam: [] })).toBe('INVALID_READ')
    const { machine } = runTiny([load(8, 0x100)], { registers: { 1: BigInt(RAM - 0x100) } })
    expect(machine.status).toBe('ended')
  })
})

describe('allowed accesses', () => {
  const pattern = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i * 3)
  const little = (bytes: Uint8Array, at: number, width: number): bigint => {
    let value = 0n
    for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!)
    return value
  }

  /** Every width at every offset that keeps the access within the pattern. */
  const accesses = WIDTHS.flatMap((width) => Array.from({ length: 33 - width }, (_, at) => ({ width, at })))

  test('loads of every width at every offset, zero-extended, from RAM, constants and input', () => {
    const input = frameInput(pattern, { framing: 'raw' })
    const out = RAM + 0x1_0000
    for (const base of [RAM, DATA, INPUT + 16]) {
      const loads = accesses.map(
        ({ width, at }, i): TinyInstruction => ({
          op: 'copyb',
          a: { imm: base },
          b: { ind: at, width },
          to: { mem: out + 8 * i },
        }),
      )
      const data = [readOnly(DATA, ...pattern), { address: RAM, writable: true, bytes: pattern }]
      const { machine } = runTiny(loads, { data, input })
      expect(accesses.map((_, i) => machine.memory.wordAt(out + 8 * i))).toEqual(
        accesses.map(({ width, at }) => little(pattern, at, width)),
      )
    }
  })

  test('stores of every width at every offset change exactly their bytes', () => {
    const value = 0xfedc_ba98_7654_3210n
    const stores = accesses.map(
      ({ width, at }, i): TinyInstruction => ({
        op: 'copyb',
        a: { imm: RAM + 32 * i },
        b: { imm: value },
        to: { ind: at, width },
      }),
    )
    const bytes = Uint8Array.from({ length: 32 * accesses.length }, (_, i) => pattern[i % 32]!)
    const { machine } = runTiny(stores, { data: [{ address: RAM, writable: true, bytes }] })
    accesses.forEach(({ width, at }, i) => {
      for (let j = 0; j < width; j++) bytes[32 * i + at + j] = Number((value >> BigInt(8 * j)) & 255n)
    })
    expect(machine.memory.ramBytes.slice(RAM - RAM_START, RAM - RAM_START + bytes.length)).toEqual(bytes)
  })

  test('RAM reads 0 before the first write, at both ends', () => {
    for (const address of [RAM_START, RAM_END - 8]) {
      const { machine } = runTiny([load(8)], { registers: { 1: BigInt(address), 2: 5n } })
      expect(machine.registers[2]).toBe(0n)
    }
  })

  test('the input follows its free word, in both memory maps', () => {
    const input = frameInput(Uint8Array.of(7), { framing: 'raw' })
    for (const [map, start] of [
      ['v0.18', INPUT],
      ['v0.12', 0x9000_0000],
    ] as const) {
      const { machine } = runTiny(
        [
          { ...load(8), to: { reg: 4 } },
          { ...load(8, 8), to: { reg: 5 } },
          { ...load(8, 16), to: { reg: 6 } },
        ],
        { map, input, registers: { 1: BigInt(start) } },
      )
      expect([...machine.registers.subarray(4, 7)]).toEqual([0n, 1n, 7n])
    }
  })

  test('a byte stored at the UART is printed; other widths and neighbours are not', () => {
    const uart: TinyInstruction[] = [1, 2, 4, 8].map((width) => store(width as IndirectWidth))
    const { printed } = runTiny([...uart, store(1, 1), store(1, -1)], { registers: { 1: 0xa000_0200n, 2: 0x41n } })
    expect(printed).toEqual([0x41])
  })
})
