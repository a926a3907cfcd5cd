/** Random programs for comparing executors: any control flow, any operand kinds, now and then a bad address. */

import { isPureOperation, OPCODES } from '@zisk/core'
import { createRandom } from './random-program.ts'
import { type Operand, TINY_CODE, type TinyInstruction, type TinyRomOptions } from './tiny-rom.ts'

/** A program, the machine it runs on, and after how many steps to compare. */
export interface RandomFlow {
  readonly program: readonly TinyInstruction[]
  readonly options: TinyRomOptions & { readonly registers: Readonly<Record<number, bigint>> }
  readonly chunk: number
}

const RAM_DATA = 0xa010_0000n
const ROM_DATA = 0x8700_0000
const WIDTHS = [1, 2, 4, 8] as const
const SIGN_EXTENDING: Readonly<Record<number, string>> = { 1: 'signextend_b', 2: 'signextend_h', 4: 'signextend_w' }
const OPERATIONS = OPCODES.filter(({ code, name }) => isPureOperation(code) && name !== 'pubout')
const COMPARISONS = OPERATIONS.filter(({ name }) => /^(lt|le|eq)/.test(name))
/** x10..x13 are pointers that programs move only a little; x20 holds the address of an instruction. */
const POINTERS = [10, 11, 12, 13]
const CODE_POINTER = 20
const VALUES = [5, 6, 7, 8, 9, 28, 29]
const WIDE_VALUES = [0n, 1n, -1n, 1n << 63n, 0x8000_0000n, 0xffff_ffffn, 0x1234_5678_9abc_def0n]

/** The program of a seed. */
export function randomFlow(seed: number): RandomFlow {
  const below = createRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!
  const length = 8 + below(60)
  const isOften = (oneIn: number): boolean => below(oneIn) === 0
  const faultiness = pick([40, 400, 100_000])

  const value = (): Exclude<Operand, { readonly ind: number }> =>
    isOften(4) ? { imm: pick(WIDE_VALUES) } : isOften(6) ? 'c' : { reg: pick(VALUES) }
  const offset = (width: number): number => (isOften(4) ? below(64) - 32 : (below(9) - 4) * width)

  const instruction = (at: number): TinyInstruction => {
    const jumpTo = (): number => 4 * (below(length) - at)
    const kind = below(20)
    if (kind < 8) return { op: pick(OPERATIONS).name, a: value(), b: value(), to: { reg: pick(VALUES) } }
    if (kind < 11) {
      const width = pick(WIDTHS)
      const op = isOften(2) ? 'copyb' : (SIGN_EXTENDING[width] ?? 'add')
      const a = { reg: isOften(faultiness) ? pick(VALUES) : pick(POINTERS) }
      return { op, a, b: { ind: offset(width), width }, to: { reg: pick(VALUES) } }
    }
    if (kind < 14) {
      const width = pick(WIDTHS)
      const a = { reg: isOften(faultiness) ? pick(VALUES) : pick(POINTERS.slice(0, 3)) }
      return { op: isOften(4) ? 'add' : 'copyb', a, b: value(), to: { ind: offset(width), width } }
    }
    if (kind === 14) {
      const reg = pick(POINTERS)
      return { op: 'add', a: { reg }, b: { imm: pick([-16n, -8n, -1n, 1n, 8n, 16n]) }, to: { reg } }
    }
    if (kind === 15) {
      const mem = 0xa000_0100 + 8 * below(2)
      return isOften(2)
        ? { op: pick(OPERATIONS).name, a: { mem }, b: value(), to: { reg: pick(VALUES) } }
        : { op: 'copyb', b: value(), to: { mem } }
    }
    if (kind === 16) return { op: 'flag', storePc: true, to: { reg: pick([1, 5, 8]) }, j: [jumpTo(), 4] }
    if (kind === 17) {
      const reg = pick([1, CODE_POINTER])
      const link = isOften(2) ? ({ storePc: true, to: { reg: 1 } } as const) : {}
      return { op: 'and', a: { imm: -2n }, b: { reg }, setPc: true, j: [0, 4], ...link }
    }
    if (isOften(8)) return { op: pick(COMPARISONS).name, a: value(), b: value(), to: { reg: 8 }, j: [jumpTo(), 4] }
    const j: readonly [number, number] = isOften(3) ? [4, jumpTo()] : [jumpTo(), 4]
    return { op: pick(COMPARISONS).name, a: value(), b: value(), j }
  }

  const romData = Uint8Array.from({ length: 512 }, () => below(256))
  return {
    program: Array.from({ length }, (_, at) => instruction(at)),
    options: {
      data: [{ address: ROM_DATA, writable: false, bytes: romData }],
      registers: {
        1: BigInt(TINY_CODE + 4 * below(length)),
        [CODE_POINTER]: BigInt(TINY_CODE + 4 * below(length)),
        10: RAM_DATA + 1024n,
        11: RAM_DATA + 2048n + BigInt(below(8)),
        12: RAM_DATA + 3072n,
        13: BigInt(ROM_DATA + 256),
        ...Object.fromEntries(VALUES.map((reg) => [reg, BigInt.asUintN(64, pick(WIDE_VALUES))])),
      },
    },
    chunk: pick([137, 1000, 1024, 4096, 5001]),
  }
}
