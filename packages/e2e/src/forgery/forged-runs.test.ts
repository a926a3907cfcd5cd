/**
 * Forged runs of a small guest. Each goes through the checker, which must name the rule that catches it, and then through
 * prover and verifier, which must refuse the proof: the forger's bookkeeping is right wherever it can be.
 */
import { type AirInstance, createChecker, type ProgramWitness } from '@zisk/air'
import { type Forgery, forgeWitness } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { buildWitness } from '@zisk/executor'
import { P } from '@zisk/field'
import type { ProgramKey } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { addi, iType, ld, loadAddress, rType, sd, sType } from '../differential/encode.ts'
import { TINY_DATA, tinyGuest } from './tiny-guest.ts'
import { proveZisk, setupZisk, verdict, type ZiskMachine, ziskProgramKey } from './zisk-machine.ts'

const [DATA, ONE, MINUS_7, TWO, TWO_256, MINUS_1] = [5, 6, 7, 8, 9, 4]
const OPERATE = 0x33
const LIMB = 2n ** 32n

/** Operations whose results nobody reads, each into a register of its own. */
const OPERATIONS = {
  mul: { rd: 20, op: OP.MUL, word: rType(OPERATE, 0, 1, 20, MINUS_1, ONE) },
  mulh: { rd: 21, op: OP.MULH, word: rType(OPERATE, 1, 1, 21, MINUS_1, ONE) },
  mulhsu: { rd: 22, op: OP.MULSUH, word: rType(OPERATE, 2, 1, 22, MINUS_1, ONE) },
  div: { rd: 23, op: OP.DIV, word: rType(OPERATE, 4, 1, 23, ONE, MINUS_1) },
  rem: { rd: 24, op: OP.REM, word: rType(OPERATE, 6, 1, 24, MINUS_7, TWO) },
  divu: { rd: 25, op: OP.DIVU, word: rType(OPERATE, 5, 1, 25, TWO_256, TWO_256) },
  divuw: { rd: 26, op: OP.DIVU_W, word: rType(0x3b, 5, 1, 26, ONE, 0) },
  add: { rd: 27, op: OP.ADD, word: rType(OPERATE, 0, 0, 27, ONE, TWO) },
  sltu: { rd: 28, op: OP.LTU, word: rType(OPERATE, 3, 0, 28, ONE, TWO) },
  xor: { rd: 29, op: OP.XOR, word: rType(OPERATE, 4, 0, 29, ONE, TWO) },
  sll: { rd: 30, op: OP.SLL, word: rType(OPERATE, 1, 0, 30, ONE, TWO) },
} as const
/** Loads, each into a register of its own: a byte, a half over two bytes, the high half of a word. */
const LOADS = { lbu: 16, lhu: 31, lwu: 18, ld: 19 } as const

const GUEST = [
  ...loadAddress(DATA, TINY_DATA),
  addi(ONE, 0, 1),
  addi(MINUS_1, 0, -1),
  addi(MINUS_7, 0, -7),
  addi(TWO, 0, 2),
  addi(TWO_256, 0, 256),
  ...Object.values(OPERATIONS).map(({ word }) => word),
  sd(MINUS_7, DATA, 0),
  iType(0x03, 4, LOADS.lbu, DATA, 3),
  iType(0x03, 5, LOADS.lhu, DATA, 1),
  iType(0x03, 6, LOADS.lwu, DATA, 4),
  ld(LOADS.ld, DATA, 0),
  sType(0x23, 0, DATA, TWO, 5),
  sType(0x23, 1, DATA, TWO, 1),
  sType(0x23, 2, DATA, TWO, 4),
  addi(10, 0, 0),
]

let machine: ZiskMachine
let programKey: ProgramKey
let honest: ProgramWitness

beforeAll(async () => {
  machine = await setupZisk()
  const rom = tinyGuest(GUEST, { data: Uint8Array.from({ length: 16 }, (_, i) => i + 1) })
  programKey = await ziskProgramKey(machine, rom)
  honest = (await buildWitness(machine.program, rom)).witness
})

/** What the checker reports about a forgery; the verifier refuses its proof. */
async function refused(
  change: (forgery: Forgery) => void,
  codes: readonly string[] = ['PROOF_CONSTRAINTS_FAILED', 'PROOF_GLOBAL_CONSTRAINT_FAILED'],
): Promise<readonly string[]> {
  const forged = forgeWitness(machine.program, honest, change)
  const checker = createChecker(machine.program)
  const { failures } = checker.check(forged, { sums: false, stage2: false, maxFailures: 1000 })
  const proof = await proveZisk(machine, programKey, forged)
  expect(codes).toContain(verdict(machine, programKey, proof))
  const texts = failures.map((failure) =>
    failure.kind === 'bus' ? `bus ${failure.bus}` : failure.kind === 'sum' ? 'sum' : failure.label,
  )
  return [...new Set(texts)]
}

const rowWhere = (column: BigUint64Array, value: bigint, from = 0): number => {
  const row = column.indexOf(value, from)
  if (row < 0) throw new RangeError(`no row with ${value}`)
  return row
}

/** Gives the only step of an operation, or the load into a register, another result in Main. */
function claimResult(forgery: Forgery, row: number, result: bigint): void {
  const register = forgery.column('Main', 'store_offset')[row]!
  const [main] = forgery.of('Main')
  for (const [limb, value] of [result % LIMB, result / LIMB].entries()) {
    const before = forgery.column('Main', `c[${limb}]`)[row]!
    forgery.column('Main', `c[${limb}]`)[row] = value
    forgery.addToAirValue(main as AirInstance, `last_reg_value[${register - 1n}][${limb}]`, value - before)
  }
}

/** The step of one of {@link OPERATIONS}. */
const stepOf = (forgery: Forgery, op: number): number => {
  const { rd } = Object.values(OPERATIONS).find((entry) => entry.op === op)!
  const [ops, stores] = [forgery.column('Main', 'op'), forgery.column('Main', 'store_offset')]
  return [...ops.keys()].find((row) => ops[row] === BigInt(op) && stores[row] === BigInt(rd))!
}
const loadInto = (forgery: Forgery, register: number): number => {
  const loads = forgery.column('Main', 'b_src_ind')
  const stores = forgery.column('Main', 'store_offset')
  for (let row = 0; row < loads.length; row++) if (loads[row] === 1n && stores[row] === BigInt(register)) return row
  throw new RangeError(`no load into register ${register}`)
}
const chunks = (forgery: Forgery, air: string, name: string, row: number, value: bigint): void => {
  for (let i = 0; i < 4; i++) forgery.column(air, `${name}[${i}]`)[row] = (value >> BigInt(16 * i)) & 0xffffn
}

test('the honest run is accepted', async () => {
  expect(verdict(machine, programKey, await proveZisk(machine, programKey, honest))).toBe('ok')
})

describe('results', () => {
  const mulRow = (forgery: Forgery, isHigh: bigint, bSigned: bigint): number => {
    const [high, b] = [forgery.column('ArithMul', 'is_high'), forgery.column('ArithMul', 'b_signed')]
    const a = forgery.column('ArithMul', 'a_signed')
    const row = [...high.keys()].find((i) => a[i] === 1n && high[i] === isHigh && b[i] === bSigned)
    return row!
  }

  test.each([
    ['S-1: MUL(-1, 1) = 1', OPERATIONS.mul, 0n, 1n, 'c', 1n],
    ['S-1: MULH(-1, 1) = 0', OPERATIONS.mulh, 1n, 1n, 'd', 0n],
    ['S-1: MULHSU(-1, 1) = 0', OPERATIONS.mulhsu, 1n, 0n, 'd', 0n],
  ] as const)('%s', async (_, { op }, isHigh, bSigned, chunk, result) => {
    const found = await refused((forgery) => {
      claimResult(forgery, stepOf(forgery, op), result)
      chunks(forgery, 'ArithMul', chunk, mulRow(forgery, isHigh, bSigned), result)
    })
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((reason) => reason.includes('product_limb') || reason.startsWith('bus range'))).toBe(true)
  })

  test.each([
    ['S-2: DIV(1, -1) = 1', OPERATIONS.div, 1n, 0n],
    ['S-3: REM(-7, 2) = 1', OPERATIONS.rem, 1n, 1n],
    ['S-4: DIVU(256, 256) = 0 with a remainder of 256', OPERATIONS.divu, 0n, 256n],
    ['DIVU_W(1, 0) = 0', OPERATIONS.divuw, 0n, 1n],
  ] as const)('%s', async (_, { op }, result, remainder) => {
    const isRemainder = op === OP.REM
    const found = await refused((forgery) => {
      claimResult(forgery, stepOf(forgery, op), result)
      const flags = ['is_remainder', 'is_signed', 'is_word'].map((name) => forgery.column('ArithDiv', name))
      const code = (row: number) => OP.DIVU + Number(flags[0]![row]! + 2n * flags[1]![row]! + 4n * flags[2]![row]!)
      const n = forgery.column('ArithDiv', 'n[0]')
      const row = [...n.keys()].find((i) => n[i] !== 0n && code(i) === op)!
      if (!isRemainder) chunks(forgery, 'ArithDiv', 'q', row, result)
      chunks(forgery, 'ArithDiv', 'r', row, remainder)
      for (const name of ['result_mid', 'result_sign', 'result_high']) forgery.column('ArithDiv', name)[row] = 0n
    })
    expect(found.length).toBeGreaterThan(0)
    expect(found).not.toContain('bus operation')
  })

  test('S-14 C-01: an addition with a carry in', async () => {
    const found = await refused((forgery) => {
      const row = stepOf(forgery, OP.ADD)
      const [a, b] = ['a[0]', 'b[0]'].map((label) => forgery.column('Main', label)[row]!)
      claimResult(forgery, row, a! + b! + 1n)
      const [a0, b0] = ['a[0]', 'b[0]'].map((label) => forgery.column('BinaryAdd', label))
      const sum = [...a0!.keys()].find((i) => a0![i] === a && b0![i] === b)!
      forgery.column('BinaryAdd', 'c_chunk[0]')[sum]! += 1n
    })
    expect(found).toHaveLength(2)
    expect(found.every((reason) => reason.includes('a[0] + b[0] - c0'))).toBe(true)
  })

  test('S-14 H-01: a comparison the other way round', async () => {
    const found = await refused((forgery) => {
      const row = stepOf(forgery, OP.LTU)
      claimResult(forgery, row, 0n)
      forgery.column('Main', 'flag')[row] = 0n
      const compare = rowWhere(forgery.column('BinaryCompare', 'is_compare'), 1n)
      forgery.column('BinaryCompare', 'holds')[compare] = 0n
      forgery.column('BinaryCompare', 'c[0]')[compare] = 0n
    })
    expect(found).toContain('(is_compare + is_choice) * (holds - borrow[1] - is_signed * (x_sign - y_sign)) === 0')
  })

  test('bits that the operands do not have', async () => {
    const found = await refused((forgery) => {
      claimResult(forgery, stepOf(forgery, OP.XOR), 1n)
      const row = rowWhere(forgery.column('BinaryLogic', 'kind'), 2n)
      forgery.column('BinaryLogic', 'and[0]')[row] = 1n
      forgery.column('BinaryLogic', 'c[0]')[row] = 1n
    })
    expect(found).toEqual(['bus and of bytes'])
  })

  test('a shift by another power', async () => {
    const found = await refused((forgery) => {
      claimResult(forgery, stepOf(forgery, OP.SLL), 8n)
      const row = rowWhere(forgery.column('BinaryExtension', 'amount'), 2n)
      forgery.column('BinaryExtension', 'power')[row] = 8n
      forgery.column('BinaryExtension', 'low[0][0]')[row] = 8n
    })
    expect(found).toEqual(['bus shifts'])
  })
})

describe('memory', () => {
  test.each([
    ['lbu', 'MemAlignReadByte', 'byte'],
    ['lhu', 'MemAlign', 'value[0]'],
    ['lwu', 'MemAlignWord', 'value'],
  ] as const)('S-8: %s gives something else', async (load, air, column) => {
    const found = await refused((forgery) => {
      const row = loadInto(forgery, LOADS[load])
      const value = forgery.column('Main', 'c[0]')[row]! ^ 1n
      forgery.column('Main', 'b[0]')[row] = value
      claimResult(forgery, row, value)
      const loads = air === 'MemAlignReadByte' ? undefined : forgery.column(air, 'wr')
      const at = forgery.column(air, 'sel').findIndex((sel, i) => sel === 1n && (loads?.[i] ?? 0n) === 0n)
      forgery.column(air, column)[at]! ^= 1n
    })
    expect(found.length).toBe(1)
    expect(found[0]).not.toContain('bus')
  })

  test('S-8: bits above the width of a load', async () => {
    const found = await refused((forgery) => {
      const row = loadInto(forgery, LOADS.lhu)
      const value = forgery.column('Main', 'c[0]')[row]! + 0x7_0000n
      forgery.column('Main', 'b[0]')[row] = value
      claimResult(forgery, row, value)
      forgery.column('MemAlign', 'value[2]')[forgery.column('MemAlign', 'wr').indexOf(0n)] = 7n
    })
    expect(found).toEqual(['(1 - wr) * (1 - is_4 - is_8) * (value[2] + 256 * value[3]) === 0'])
  })

  test('S-5: an alignment machine that reads at another time', async () => {
    const found = await refused((forgery) => {
      forgery.column('MemAlign', 'step')[0]! -= 4n
    })
    expect(found).toEqual(['bus memory'])
  })

  test('S-6: a store that nobody asked for', async () => {
    const padding = (forgery: Forgery, air: string) => rowWhere(forgery.column(air, 'sel'), 0n)
    const skipped = await refused((forgery) => {
      forgery.column('MemAlign', 'sel')[forgery.column('MemAlign', 'wr').indexOf(1n)] = 0n
    })
    expect(skipped).toContain('(wr + is_double) * (1 - sel) === 0')
    const added = await refused((forgery) => {
      forgery.column('MemAlignWord', 'wr')[padding(forgery, 'MemAlignWord')] = 1n
    })
    expect(added).toContain('wr * (1 - sel) === 0')
    for (const sel of [2n, P - 1n]) {
      const noBit = await refused((forgery) => {
        forgery.column('MemAlign', 'sel')[padding(forgery, 'MemAlign')] = sel
      })
      expect(noBit).toContain('flags[i] * (1 - flags[i]) === 0')
    }
  })

  test('a stale read: the value before the store', async () => {
    const found = await refused((forgery) => {
      const row = loadInto(forgery, LOADS.ld)
      for (const limb of [0, 1]) forgery.column('Main', `b[${limb}]`)[row] = 0n
      claimResult(forgery, row, 0n)
    })
    expect(found).toEqual(['bus memory'])
  })

  test('a read that memory backs without the store, by a row of its own', async () => {
    const found = await refused((forgery) => {
      const step = 2n + 4n * BigInt(loadInto(forgery, LOADS.ld))
      const row = Math.max(
        forgery.column('Mem', 'step').indexOf(step),
        forgery.column('Mem', 'step_dual').indexOf(step),
      )
      forgery.column('Mem', 'value[0]')[row]! ^= 1n
    })
    expect(found).toContain('bus memory')
  })

  test('S-10: a row of memory that counts twice', async () => {
    const found = await refused((forgery) => {
      forgery.column('Mem', 'sel')[2] = 2n
    })
    expect(found).toContain('sel * (1 - sel) === 0')
  })

  test('a store at the time of the access before it', async () => {
    const found = await refused((forgery) => {
      const [wr, same, step] = ['wr', 'same_addr', 'step'].map((name) => forgery.column('Mem', name))
      const row = [...wr!.keys()].find((i) => wr![i] === 1n && same![i] === 1n)!
      step![row] = forgery.column('Mem', 'step_dual')[row - 1]!
      forgery.column('Mem', 'low')[row] = 2n ** 64n - 2n ** 32n
      forgery.column('Mem', 'high')[row] = 0n
    })
    expect(found).toContain('bus range 0..65535')
  })

  test('S-9: a second time line of memory', async () => {
    const found = await refused((forgery) => {
      const [mem] = forgery.of('Mem')
      forgery.instances.push({ ...mem!, segment: 1, airValues: [...mem!.airValues] })
    })
    expect(found).toContain('bus memory continuation')
  })

  test('initial memory left out, and entered twice', async () => {
    for (const multiplicity of [0n, 2n]) {
      const found = await refused((forgery) => {
        const rom = forgery.of('Rom')[0]!
        const air = machine.program.airGroups[0]!.airs[rom.air]!
        const flags = rom.custom[air.customColumns.findIndex(({ name }) => name === 'flags')]!
        forgery.column('Rom', 'multiplicity')[flags.indexOf(2n)] = multiplicity
      })
      expect(found.some((reason) => reason.startsWith('is_data'))).toBe(true)
    }
  })
})

describe('program', () => {
  test('an instruction that the program does not have, also one that stores to register 0', async () => {
    for (const [label, value] of [
      ['store_offset', 0n],
      ['op', 2n],
    ] as const) {
      const found = await refused((forgery) => {
        forgery.column('Main', label)[stepOf(forgery, OP.ADD)] = value
      })
      expect(found).toContain('bus rom')
    }
  })

  test('another program table than that of the key', async () => {
    const forged = forgeWitness(machine.program, honest, (forgery) => {
      const rom = forgery.of('Rom')[0]!
      const air = machine.program.airGroups[0]!.airs[rom.air]!
      const ops = rom.custom[air.customColumns.findIndex(({ name }) => name === 'op')]!
      const row = stepOf(forgery, OP.XOR)
      const from = ops.indexOf(BigInt(OP.XOR))
      ops[from] = BigInt(OP.OR)
      forgery.column('Main', 'op')[row] = BigInt(OP.OR)
      const logic = rowWhere(forgery.column('BinaryLogic', 'kind'), 2n)
      forgery.column('BinaryLogic', 'kind')[logic] = 1n
    })
    // The run of the other program is a true one: only the root of the table tells.
    const { ok } = createChecker(machine.program).check(forged, { sums: false, stage2: false })
    expect(ok).toBe(true)
    const proof = await proveZisk(machine, programKey, forged)
    expect(verdict(machine, programKey, proof)).toBe('PROOF_OPENING_INVALID')
  })

  test('the program a second time: its data would enter memory once more', async () => {
    const found = await refused(
      (forgery) => {
        const rom = forgery.of('Rom')[0]!
        const air = machine.program.airGroups[0]!.airs[rom.air]!
        const isData = rom.custom[air.customColumns.findIndex(({ name }) => name === 'is_data')]!
        const again = { ...rom, segment: 1, witness: rom.witness.map((column) => column?.slice()) }
        forgery.instances.push(again)
        // Executions are counted by the first one.
        const executions = forgery.column('Rom', 'multiplicity', 1)
        for (let row = 0; row < executions.length; row++) if (isData[row] === 0n) executions[row] = 0n
      },
      ['PROOF_INSTANCES_INVALID'],
    )
    expect(found).toEqual(['bus memory'])
  })

  test('S-14 CR-02: a run that starts elsewhere', async () => {
    const found = await refused((forgery) => {
      forgery.addToAirValue(forgery.of('Main')[0]!, 'segment_initial_pc', 4n)
    })
    expect(found).toContain('L1 * (segment_initial_pc - pc) === 0')
  })

  test('S-14 M-01: a store whose address has a high limb', async () => {
    const found = await refused((forgery) => {
      forgery.column('Main', 'a[1]')[rowWhere(forgery.column('Main', 'store_ind'), 1n)] = 1n
    })
    expect(found).toContain('(store_ind + b_src_ind) * a[1] === 0')
  })

  test('a run that ends before it is done', async () => {
    const found = await refused((forgery) => {
      const [main] = forgery.of('Main')
      forgery.addToAirValue(main!, 'segment_next_pc', 4n)
    })
    expect(found).toContain('LAST * (segment_next_pc - next_pc) === 0')
  })

  test('a second run behind the end', async () => {
    const found = await refused((forgery) => {
      const [main] = forgery.of('Main')
      forgery.instances.push({ ...main!, segment: 1, airValues: [...main!.airValues] })
    })
    expect(found).toContain('bus main continuation')
  })
})

test('a padding row of a machine with side effects that is active', async () => {
  const found = await refused((forgery) => {
    const row = rowWhere(forgery.column('Mem', 'sel'), 0n, 1)
    forgery.column('Mem', 'sel')[row] = 1n
  })
  expect(found).toEqual(['bus memory'])
})
