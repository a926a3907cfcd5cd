/**
 * The interpreter's loop: one switch per operand, one over the operations. Values are pairs of signed 32-bit halves,
 * which stay in machine registers where a bigint would not; the oracle in `@zisk/core` defines what they compute.
 *
 * The same loop runs a guest and replays a chunk: only memory and host calls differ.
 */

import { GuestTrap } from '../faults.ts'
import { joinHalves } from '../halves.ts'
import type { StepBatch } from '../replay/step-batch.ts'
import { type DecodedRom, RECORD, SHAPE } from './decoded-rom.ts'
import type { HostCalls } from './host-calls.ts'
import { computeWide, wide } from './multiply-divide.ts'
import type { OperandMemory } from './operand-memory.ts'

// Constants local to the module, because the optimising compiler folds only those. Record and register indexes are
// joined with |, not +: the operands have no common bit, and | needs no overflow check.
const SHIFT = 4
const A_LOW = RECORD.aLow
const B_LOW = RECORD.bLow
const STORE_TO = RECORD.storeTo
const NEXT = RECORD.next
const NEXT_IF_FLAG = RECORD.nextIfFlag
const A_HIGH = RECORD.aHigh
const B_HIGH = RECORD.bHigh
const LINK_LOW = RECORD.linkLow
const LINK_HIGH = RECORD.linkHigh
const A_SOURCE = SHAPE.aSource
const B_SOURCE = SHAPE.bSource
const STORE = SHAPE.store
const WIDTH = SHAPE.width
const STORE_PC = 1 << SHAPE.storePc
const SET_PC = 1 << SHAPE.setPc

/** Row number of a pc without instruction, as `InstructionTable.rowOf` gives it. */
const NO_ROW = -1

/** What the loop works on. It updates `pc`, `cLow`, `cHigh` and `trap`, also when it stops early. */
export interface Execution {
  readonly rom: DecodedRom
  /** x0..x31 as pairs of halves. */
  readonly registers: Int32Array
  readonly memory: OperandMemory
  readonly hostCalls: HostCalls
  /** Receives every step, at indexes from 0; absent when nobody looks. */
  readonly batch: StepBatch | undefined
  /**
   * By row: 1 where the loop stops before the instruction, unless it is the first; a larger number counts down each time
   * that the loop gets there; 0 where it never stops. Absent when it never does anywhere.
   */
  stops: Uint16Array | undefined
  /** pc of the next instruction. */
  pc: bigint
  /** Result of the previous instruction. */
  cLow: number
  cHigh: number
  /** What stopped the last instruction, whose effects did not happen. */
  trap: GuestTrap | undefined
  /** Whether the exit instruction has been executed. */
  ended: boolean
}

/** Executes at most `count` instructions and returns how many were; fewer only at the end, a stop or a trap. */
export function executeSteps(execution: Execution, count: number): number {
  const { rom, registers: x, memory, hostCalls, batch, stops } = execution
  const { records, endRow } = rom
  const { pc: pcs, riscv } = rom.instructions.columns
  let row = rom.instructions.rowOf(Number(execution.pc)) | 0
  if (row === NO_ROW) {
    execution.trap = noInstruction()
    return 0
  }
  let lastLow = execution.cLow | 0
  let lastHigh = execution.cHigh | 0
  let executed = 0
  let aLow = 0
  let aHigh = 0
  let bLow = 0
  let bHigh = 0
  let cLow = 0
  let cHigh = 0
  let flag = 0
  try {
    while (executed < count) {
      const r = row << SHIFT
      const shape = records[r]!

      switch ((shape >> A_SOURCE) & 7) {
        case 6 /* REG */:
          aLow = x[records[r | A_LOW]!]!
          aHigh = x[records[r | A_LOW]! | 1]!
          break
        case 2 /* IMM */:
          aLow = records[r | A_LOW]!
          aHigh = records[r | A_HIGH]!
          break
        case 0 /* C */:
          aLow = lastLow
          aHigh = lastHigh
          break
        default:
          /* MEM */ aLow = memory.readWord(records[r | A_LOW]!) | 0
          aHigh = memory.high | 0
      }

      switch ((shape >> B_SOURCE) & 7) {
        case 6 /* REG */:
          bLow = x[records[r | B_LOW]!]!
          bHigh = x[records[r | B_LOW]! | 1]!
          break
        case 2 /* IMM */:
          bLow = records[r | B_LOW]!
          bHigh = records[r | B_HIGH]!
          break
        case 5 /* IND */:
          {
            const offset = records[r | B_LOW]!
            const address = (aLow + offset) | 0
            const carry = address >>> 0 < aLow >>> 0 ? 1 : 0
            bLow = memory.read(address, (aHigh + (offset >> 31) + carry) | 0, (shape >> WIDTH) & 15) | 0
            bHigh = memory.high | 0
            break
          }
        case 0 /* C */:
          bLow = lastLow
          bHigh = lastHigh
          break
        default:
          /* MEM */ bLow = memory.readWord(records[r | B_LOW]!) | 0
          bHigh = memory.high | 0
      }

      cHigh = 0
      flag = 0
      const op = shape & 0xff
      switch (op) {
        // Literal codes make this a jump table; a test ties each of them to the instruction set.
        case 0x00 /* flag */:
          cLow = 0
          flag = 1
          break
        case 0x01 /* copyb */:
          cLow = bLow
          cHigh = bHigh
          break
        case 0x02 /* minu */:
          {
            const isA = aHigh >>> 0 < bHigh >>> 0 || (aHigh === bHigh && aLow >>> 0 < bLow >>> 0)
            cLow = isA ? aLow : bLow
            cHigh = isA ? aHigh : bHigh
            break
          }
        case 0x03 /* min */:
          {
            const isA = aHigh < bHigh || (aHigh === bHigh && aLow >>> 0 < bLow >>> 0)
            cLow = isA ? aLow : bLow
            cHigh = isA ? aHigh : bHigh
            break
          }
        case 0x04 /* maxu */:
          {
            const isA = aHigh >>> 0 > bHigh >>> 0 || (aHigh === bHigh && aLow >>> 0 > bLow >>> 0)
            cLow = isA ? aLow : bLow
            cHigh = isA ? aHigh : bHigh
            break
          }
        case 0x05 /* max */:
          {
            const isA = aHigh > bHigh || (aHigh === bHigh && aLow >>> 0 > bLow >>> 0)
            cLow = isA ? aLow : bLow
            cHigh = isA ? aHigh : bHigh
            break
          }
        case 0x06 /* ltu */:
          flag = aHigh >>> 0 < bHigh >>> 0 || (aHigh === bHigh && aLow >>> 0 < bLow >>> 0) ? 1 : 0
          cLow = flag
          break
        case 0x07 /* lt */:
          flag = aHigh < bHigh || (aHigh === bHigh && aLow >>> 0 < bLow >>> 0) ? 1 : 0
          cLow = flag
          break
        case 0x09 /* eq */:
          flag = aLow === bLow && aHigh === bHigh ? 1 : 0
          cLow = flag
          break
        case 0x0a /* add */:
          cLow = (aLow + bLow) | 0
          cHigh = (aHigh + bHigh + (cLow >>> 0 < aLow >>> 0 ? 1 : 0)) | 0
          break
        case 0x0b /* sub */:
          cLow = (aLow - bLow) | 0
          cHigh = (aHigh - bHigh - (aLow >>> 0 < bLow >>> 0 ? 1 : 0)) | 0
          break
        case 0x0c /* leu */:
          flag = aHigh >>> 0 < bHigh >>> 0 || (aHigh === bHigh && aLow >>> 0 <= bLow >>> 0) ? 1 : 0
          cLow = flag
          break
        case 0x0d /* le */:
          flag = aHigh < bHigh || (aHigh === bHigh && aLow >>> 0 <= bLow >>> 0) ? 1 : 0
          cLow = flag
          break
        case 0x0e /* and */:
          cLow = aLow & bLow
          cHigh = aHigh & bHigh
          break
        case 0x0f /* or */:
          cLow = aLow | bLow
          cHigh = aHigh | bHigh
          break
        case 0x10 /* xor */:
          cLow = aLow ^ bLow
          cHigh = aHigh ^ bHigh
          break
        case 0x12 /* minu_w */:
          cLow = aLow >>> 0 < bLow >>> 0 ? aLow : bLow
          cHigh = cLow >> 31
          break
        case 0x13 /* min_w */:
          cLow = aLow < bLow ? aLow : bLow
          cHigh = cLow >> 31
          break
        case 0x14 /* maxu_w */:
          cLow = aLow >>> 0 > bLow >>> 0 ? aLow : bLow
          cHigh = cLow >> 31
          break
        case 0x15 /* max_w */:
          cLow = aLow > bLow ? aLow : bLow
          cHigh = cLow >> 31
          break
        case 0x16 /* ltu_w */:
          flag = aLow >>> 0 < bLow >>> 0 ? 1 : 0
          cLow = flag
          break
        case 0x17 /* lt_w */:
          flag = aLow < bLow ? 1 : 0
          cLow = flag
          break
        case 0x19 /* eq_w */:
          flag = aLow === bLow ? 1 : 0
          cLow = flag
          break
        case 0x1a /* add_w */:
          cLow = (aLow + bLow) | 0
          cHigh = cLow >> 31
          break
        case 0x1b /* sub_w */:
          cLow = (aLow - bLow) | 0
          cHigh = cLow >> 31
          break
        case 0x1c /* leu_w */:
          flag = aLow >>> 0 <= bLow >>> 0 ? 1 : 0
          cLow = flag
          break
        case 0x1d /* le_w */:
          flag = aLow <= bLow ? 1 : 0
          cLow = flag
          break
        case 0x21 /* sll */:
          {
            const shift = bLow & 63
            if (shift >= 32) {
              cLow = 0
              cHigh = aLow << (shift - 32)
            } else {
              cLow = aLow << shift
              // Two shifts, because a shift by 32 would be none.
              cHigh = (aHigh << shift) | ((aLow >>> 1) >>> (31 - shift))
            }
            break
          }
        case 0x22 /* srl */:
          {
            const shift = bLow & 63
            if (shift >= 32) {
              cLow = aHigh >>> (shift - 32)
            } else {
              cLow = (aLow >>> shift) | ((aHigh << 1) << (31 - shift))
              cHigh = aHigh >>> shift
            }
            cLow |= 0
            cHigh |= 0
            break
          }
        case 0x23 /* sra */:
          {
            const shift = bLow & 63
            if (shift >= 32) {
              cLow = aHigh >> (shift - 32)
              cHigh = aHigh >> 31
            } else {
              cLow = (aLow >>> shift) | ((aHigh << 1) << (31 - shift))
              cHigh = aHigh >> shift
            }
            break
          }
        case 0x24 /* sll_w */:
          cLow = aLow << (bLow & 31)
          cHigh = cLow >> 31
          break
        case 0x25 /* srl_w */:
          cLow = (aLow >>> (bLow & 31)) | 0
          cHigh = cLow >> 31
          break
        case 0x26 /* sra_w */:
          cLow = aLow >> (bLow & 31)
          cHigh = cLow >> 31
          break
        case 0x27 /* signextend_b */:
          cLow = (bLow << 24) >> 24
          cHigh = cLow >> 31
          break
        case 0x28 /* signextend_h */:
          cLow = (bLow << 16) >> 16
          cHigh = cLow >> 31
          break
        case 0x29 /* signextend_w */:
          cLow = bLow
          cHigh = bLow >> 31
          break
        default:
          if (op >= 0xb0 && op <= 0xbf) {
            flag = computeWide(op, aLow, aHigh, bLow, bHigh) | 0
            cLow = wide[0]!
            cHigh = wide[1]!
          } else {
            hostCalls.call(op, joinHalves(aLow, aHigh), joinHalves(bLow, bHigh), riscv[row]!)
            memory.forgetWords()
            cLow = bLow
            cHigh = bHigh
          }
      }

      const store = (shape >> STORE) & 7
      if (store !== 0 /* NONE */) {
        const isLink = (shape & STORE_PC) !== 0
        const low = isLink ? records[r | LINK_LOW]! : cLow
        const high = isLink ? records[r | LINK_HIGH]! : cHigh
        const to = records[r | STORE_TO]!
        if (store === 3 /* REG */) {
          x[to] = low
          x[to | 1] = high
        } else if (store === 2 /* IND */) {
          const address = (aLow + to) | 0
          const carry = address >>> 0 < aLow >>> 0 ? 1 : 0
          memory.write(address, (aHigh + (to >> 31) + carry) | 0, (shape >> WIDTH) & 15, low, high)
        } else {
          memory.writeWord(to, low, high)
        }
      }

      if (batch !== undefined) {
        const i = 2 * executed
        batch.row[executed] = row
        batch.a[i] = aLow
        batch.a[i + 1] = aHigh
        batch.b[i] = bLow
        batch.b[i + 1] = bHigh
        batch.c[i] = cLow
        batch.c[i + 1] = cHigh
        batch.flag[executed] = flag
        batch.wordEnd[executed] = memory.position
      }

      const done = row
      if ((shape & SET_PC) !== 0) {
        const offset = records[r | NEXT_IF_FLAG]!
        const target = (cLow + offset) | 0
        const carry = target >>> 0 < cLow >>> 0 ? 1 : 0
        row = ((cHigh + (offset >> 31) + carry) | 0) === 0 ? rom.instructions.rowOf(target >>> 0) | 0 : NO_ROW
      } else {
        row = records[r | (flag === 0 ? NEXT : NEXT_IF_FLAG)]!
      }
      lastLow = cLow
      lastHigh = cHigh
      executed++
      if (done === endRow || row === NO_ROW) {
        execution.ended = done === endRow
        if (row === NO_ROW) execution.pc = pcWithoutRow(rom, done, cLow, cHigh, flag)
        break
      }
      if (stops !== undefined) {
        const left = stops[row]!
        if (left === 1) break
        if (left !== 0) stops[row] = left - 1
      }
    }
  } catch (error) {
    if (!(error instanceof GuestTrap)) throw error
    execution.trap = error
  }
  if (row !== NO_ROW) execution.pc = BigInt(pcs[row]!)
  else if (executed < count && !execution.ended) execution.trap = noInstruction()
  execution.cLow = lastLow
  execution.cHigh = lastHigh
  return executed
}

/** The pc after an instruction, when no instruction is there. */
function pcWithoutRow(rom: DecodedRom, row: number, cLow: number, cHigh: number, flag: number): bigint {
  const c = rom.instructions.columns
  const jump = (flag === 0 ? c.jmpOffset2 : c.jmpOffset1)[row]!
  const isSetPc = (rom.records[row << SHIFT]! & SET_PC) !== 0
  return BigInt.asUintN(64, isSetPc ? joinHalves(cLow, cHigh) + BigInt(c.jmpOffset1[row]!) : BigInt(c.pc[row]! + jump))
}

function noInstruction(): GuestTrap {
  return new GuestTrap('NO_INSTRUCTION', 'jump to an address that holds no instruction')
}
