/** Where units may start: the places that code jumps back to, calls or returns to, found in one pass over the ROM. */

import { FLAG, type InstructionTable, OP, SOURCE } from '@zisk/core'
import { isLinkRegister } from './instruction-kind.ts'

/** What kind of place a row is. */
export const ENTRY = { NONE: 0, LOOP: 1, RETURN: 2, FUNCTION: 3 } as const

/** Kind of every row of the table, one of {@link ENTRY}; the strongest where several hold. */
export function findEntryPoints(table: InstructionTable): Uint8Array {
  const kinds = new Uint8Array(table.length)
  const { pc: pcs, op, flags, storeOffset, jmpOffset1, jmpOffset2 } = table.columns
  const mark = (pc: number, kind: number): void => {
    const row = table.rowOf(pc)
    if (row >= 0 && kinds[row]! < kind) kinds[row] = kind
  }
  for (let row = 0; row < table.length; row++) {
    const pc = pcs[row]!
    const isCall =
      (flags[row]! & FLAG.STORE_PC) !== 0 && (flags[row]! & FLAG.STORE_REG) !== 0 && isLinkRegister(storeOffset[row]!)
    if ((flags[row]! & FLAG.SET_PC) !== 0) {
      if (!isCall) continue
      mark(pc + jmpOffset2[row]!, ENTRY.RETURN)
      const target = targetOfPair(table, row)
      if (target !== undefined) mark(target, ENTRY.FUNCTION)
      continue
    }
    const following = row + 1 < table.length ? pcs[row + 1]! : -1
    const taken = pc + jmpOffset1[row]!
    if (isCall && taken !== following) {
      mark(taken, ENTRY.FUNCTION)
      mark(pc + jmpOffset2[row]!, ENTRY.RETURN)
      continue
    }
    if (taken <= pc) mark(taken, ENTRY.LOOP)
    if (op[row] !== OP.FLAG && pc + jmpOffset2[row]! <= pc) mark(pc + jmpOffset2[row]!, ENTRY.LOOP)
  }
  return kinds
}

/** Target of `auipc` and `jalr` in adjacent rows. */
function targetOfPair(table: InstructionTable, row: number): number | undefined {
  if (row === 0) return undefined
  const high = table.at(row - 1)
  const jump = table.at(row)
  const isPair =
    high.storePc && !high.setPc && jump.bSrc === SOURCE.REG && jump.bLow === high.storeOffset && jump.op === OP.AND
  if (!isPair || jump.aSrc !== SOURCE.IMM) return undefined
  return (((high.pc + high.jmpOffset2) & jump.aLow) >>> 0) + jump.jmpOffset1
}
