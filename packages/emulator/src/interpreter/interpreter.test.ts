import { HALT_CAUSE } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { runTiny, tinyMachine } from '../testing/tiny-machine.ts'
import { TINY_CODE, type TinyInstruction } from '../testing/tiny-rom.ts'

const WORD = 0xa010_0000

describe('operands, stores and jumps', () => {
  test('a and b from every source', () => {
    const { machine } = runTiny([
      { op: 'copyb', b: { imm: 5n }, to: { mem: WORD } },
      { op: 'sub', a: { mem: WORD }, b: { imm: -1n }, to: { reg: 1 } },
      { op: 'add', a: 'c', b: 'c', to: { reg: 2 } },
      { op: 'sub', a: { reg: 2 }, b: { reg: 1 }, to: { reg: 3 } },
      { op: 'add', a: { imm: WORD - 8 }, b: { imm: 0 } },
      { op: 'copyb', a: 'c', b: { ind: 8, width: 8 }, to: { reg: 4 } },
      { op: 'sub', a: { imm: 9n }, b: { mem: WORD }, to: { reg: 5 } },
    ])
    expect([...machine.registers.subarray(0, 6)]).toEqual([0n, 6n, 12n, 6n, 5n, 4n])
  })

  test('the last result is c even when something else is stored', () => {
    const { machine } = runTiny([
      { op: 'add', a: { imm: 1 }, b: { imm: 2 }, to: { reg: 1 }, storePc: true, j: [4, 4] },
      { op: 'copyb', b: 'c', to: { reg: 2 } },
    ])
    expect([...machine.registers.subarray(1, 3)]).toEqual([BigInt(TINY_CODE + 4), 3n])
  })

  test('storePc stores pc + jmpOffset2 as a 64-bit value, into registers and memory', () => {
    const { machine } = runTiny([
      { op: 'flag', to: { reg: 1 }, storePc: true, j: [4, -(2 ** 31)] },
      { op: 'flag', to: { mem: WORD }, storePc: true, j: [4, 0x7fff_ffff] },
      { op: 'flag', a: { imm: WORD }, to: { ind: 12, width: 4 }, storePc: true, j: [4, 8] },
    ])
    expect(machine.registers[1]).toBe(0n)
    expect(machine.memory.wordAt(WORD)).toBe(0x1_0000_0003n)
    expect(machine.memory.wordAt(WORD + 8)).toBe(BigInt(TINY_CODE + 16) << 32n)
  })

  test('setPc jumps to c + jmpOffset1, forwards and backwards', () => {
    const { machine } = runTiny([
      { op: 'copyb', b: { imm: TINY_CODE + 4 }, setPc: true, j: [4, 4] },
      { op: 'copyb', b: { imm: 99 }, to: { reg: 1 } },
      { op: 'copyb', b: { imm: 1 }, to: { reg: 2 } },
      { op: 'copyb', b: { imm: TINY_CODE + 24 }, setPc: true, j: [-4, 4] },
      { op: 'copyb', b: { imm: 99 }, to: { reg: 1 } },
    ])
    expect([...machine.registers.subarray(1, 3)]).toEqual([0n, 1n])
    expect(machine.steps).toBe(6)
  })

  test('the exit instruction counts as a step and leaves its own next pc', () => {
    const { machine } = runTiny([])
    expect({ status: machine.status, steps: machine.steps, pc: machine.pc }).toEqual({
      status: 'ended',
      steps: 3,
      pc: 0x1004n,
    })
  })

  describe('public outputs', () => {
    const publish = (index: number, word: bigint): TinyInstruction => ({
      op: 'pubout',
      a: { imm: index },
      b: { imm: word },
    })

    test('index 0..31 are two words each, 32 is the exit word', () => {
      const { machine } = runTiny([
        publish(0, 0x1111_1111_2222_2222n),
        publish(31, 3n << 32n),
        publish(32, 0xffff_ffff_ffff_fffen),
      ])
      expect([...machine.publics.subarray(0, 2), ...machine.publics.subarray(60)]).toEqual([
        0x2222_2222, 0x1111_1111, 0, 0, 0, 3,
      ])
      expect(machine.exitWord).toBe(0xffff_ffff_ffff_fffen)
    })

    test.each([
      ['another index', [publish(0, 1n), publish(33, 7n)]],
      ['a word that was published', [publish(5, 1n), publish(5, 1n)]],
      ['the exit word that was published', [publish(32, 0n), publish(32, 0n)]],
    ])('%s is a fault', (_, program) => {
      const { machine } = runTiny(program)
      expect(machine.fault?.code).toBe('INVALID_PUBLICATION')
      expect(machine.publishedWords).toBe(1)
    })
  })
})

describe('faults', () => {
  const codeOf = (program: readonly TinyInstruction[]): string | undefined => runTiny(program).machine.fault?.code

  test.each(Object.entries(HALT_CAUSE))('halt with cause %s', (name, cause) => {
    const { machine } = runTiny([{ op: 'halt', a: { imm: 17 }, b: { imm: cause }, riscv: 0x8000_2073 }])
    expect(machine.fault?.code).toBe(
      {
        illegalInstruction: 'ILLEGAL_INSTRUCTION',
        unsupportedFloat: 'UNSUPPORTED_FLOAT',
        unsupportedPrecompile: 'UNSUPPORTED_PRECOMPILE',
        unsupportedEcall: 'UNSUPPORTED_ECALL',
        unknownCsr: 'UNKNOWN_CSR',
        readOnlyCsr: 'READ_ONLY_CSR',
      }[name],
    )
    expect(machine.fault?.message).toMatchSnapshot()
    expect(machine.fault?.exitStatus).toBe('guestFailed')
  })

  test('an unassigned halt cause is an illegal instruction', () => {
    expect(codeOf([{ op: 'halt', b: { imm: 0 } }])).toBe('ILLEGAL_INSTRUCTION')
  })

  test('a precompile operation names itself', () => {
    const { machine } = runTiny([{ op: 'keccak' }])
    expect(machine.fault?.message).toBe('operation keccak is not supported')
  })

  test.each([
    ['static', { op: 'flag', j: [0x1000, 4] } as const, BigInt(TINY_CODE + 0x1000)],
    ['static, below address 0', { op: 'flag', j: [-(2 ** 31), 4] } as const, 0n],
    ['computed', { op: 'copyb', b: { imm: 0x8000_1234n }, setPc: true, j: [2, 4] } as const, 0x8000_1236n],
    [
      'computed, with high bits',
      { op: 'copyb', b: { imm: 0x1_8000_0000n }, setPc: true, j: [0, 4] } as const,
      0x1_8000_0000n,
    ],
    ['computed, wrapping', { op: 'copyb', b: { imm: 2n }, setPc: true, j: [-4, 4] } as const, 0xffff_ffff_ffff_fffen],
  ])('a jump to no instruction (%s): the jump has happened', (_what, jump, target) => {
    const { machine, interpreter } = tinyMachine([jump])
    expect(interpreter.stepMany(2)).toBe(2)
    expect(machine.status).toBe('running')
    expect(interpreter.stepMany(1)).toBe(0)
    expect({ code: machine.fault?.code, pc: machine.fault?.pc, steps: machine.steps, at: machine.pc }).toEqual({
      code: 'NO_INSTRUCTION',
      pc: target,
      steps: 2,
      at: target,
    })
    expect(interpreter.stepMany(1)).toBe(0)
  })

  test('a fault inside an expansion reports the RISC-V pc and keeps the ROM pc', () => {
    const amo = 0x00b5_302f
    const at = (pc: number, riscv: number, op = 'flag'): TinyInstruction => ({ pc, op, j: [1, 1], riscv })
    const expansion = (pc: number, faults: boolean): TinyInstruction[] => [
      { ...at(pc, amo), j: [1, 1] },
      { ...at(pc + 1, amo), j: [2, 2] },
      { ...at(pc + 3, amo, faults ? 'halt' : 'flag'), j: [1, 1] },
    ]
    for (const firstFaults of [true, false]) {
      const { machine } = runTiny([...expansion(TINY_CODE, firstFaults), ...expansion(TINY_CODE + 4, true)])
      const base = BigInt(TINY_CODE + (firstFaults ? 0 : 4))
      expect({ pc: machine.fault?.pc, romPc: machine.fault?.romPc }).toEqual({ pc: base, romPc: base + 3n })
    }
  })

  test('a MEM operand that is not aligned or not mapped', () => {
    expect(codeOf([{ op: 'copyb', b: { mem: WORD + 4 } }])).toBe('INVALID_READ')
    expect(codeOf([{ op: 'copyb', a: { mem: 0x1000 } }])).toBe('INVALID_READ')
    expect(codeOf([{ op: 'copyb', to: { mem: WORD + 1 } }])).toBe('INVALID_WRITE')
    expect(codeOf([{ op: 'copyb', to: { mem: 0x1000 } }])).toBe('INVALID_WRITE')
  })
})

describe('fcalls', () => {
  const INPUT = 0x4000_0000
  const call = (words: number | bigint, value: bigint, id: number): TinyInstruction[] => [
    { op: 'fcall_param', a: { imm: words }, b: { imm: value }, to: { reg: 1 } },
    { op: 'fcall', a: { imm: id }, b: { imm: 3 }, to: { reg: 2 } },
  ]
  const input = new Uint8Array(16)

  test('input_ready accepts addresses inside the input and yields b', () => {
    for (const address of [INPUT + 8, INPUT + 23]) {
      const { machine } = runTiny(call(1, BigInt(address), 23), { input })
      expect(machine.status).toBe('ended')
      expect([...machine.registers.subarray(1, 3)]).toEqual([BigInt(address), 3n])
    }
  })

  test.each([INPUT, INPUT + 7, INPUT + 24, 0, 0xa000_0000])('input_ready refuses %i', (address) => {
    const { machine } = runTiny(call(1, BigInt(address), 23), { input })
    expect(machine.fault?.code).toBe('INPUT_NOT_READY')
  })

  test('parameters of several words are read from memory, with checks', () => {
    const words = [{ address: WORD, writable: true, bytes: Uint8Array.from([8, 0, 0, 0x40, 0, 0, 0, 0, ...input]) }]
    expect(runTiny(call(2, BigInt(WORD), 23), { input, data: words }).machine.status).toBe('ended')
    expect(runTiny(call(2, 0n, 23), { input }).machine.fault?.code).toBe('INVALID_READ')
    expect(runTiny(call(1n << 63n, 0n, 23), { input }).machine.fault?.code).toBe('FCALL_PARAMETERS_FULL')
  })

  test('other fcalls and results that do not exist are faults', () => {
    expect(runTiny(call(1, 0n, 19)).machine.fault?.message).toBe('fcall 19 (uint256_div) is not supported')
    expect(runTiny(call(1, 0n, 999)).machine.fault?.code).toBe('UNSUPPORTED_FCALL')
    expect(runTiny([{ op: 'fcall_get', b: { mem: INPUT }, to: { reg: 1 } }]).machine.fault?.code).toBe(
      'FCALL_NO_RESULT',
    )
  })
})

test('stepping one by one gives the same states as running', () => {
  const program: TinyInstruction[] = [
    { op: 'copyb', b: { imm: 10 }, to: { reg: 1 } },
    { op: 'add', a: { reg: 2 }, b: { reg: 1 }, to: { reg: 2 } },
    { op: 'sub', a: { reg: 1 }, b: { imm: 1 }, to: { reg: 1 } },
    { op: 'eq', a: { reg: 1 }, b: { imm: 0 }, j: [4, -8] },
  ]
  const whole = runTiny(program).machine
  const { machine, interpreter } = tinyMachine(program)
  for (let step = 1; machine.status === 'running'; step++) {
    expect(interpreter.stepMany(1)).toBe(1)
    expect(machine.steps).toBe(step)
  }
  expect({ registers: machine.registers.slice(), pc: machine.pc, lastC: machine.lastC, steps: machine.steps }).toEqual({
    registers: whole.registers.slice(),
    pc: whole.pc,
    lastC: whole.lastC,
    steps: whole.steps,
  })
  expect(machine.registers[2]).toBe(55n)
})
