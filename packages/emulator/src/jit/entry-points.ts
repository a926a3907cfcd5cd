/** Where units may start: the places that code jumps back to, calls or returns to, found in one pass over the ROM. */

import { FLAG, type InstructionTable, OP, SOURCE } from '@zisk/core'
import { isLinkRegister } from './instruction-kind.ts'

/** What kind of place a row is. */
export const ENTRY = { NONE: 0, LOOP: 1, RETURN: 2, FUNCTION: 3 } as const

/** Entry points of a ROM, by row. */
export interface EntryPoints {
  /** One of {@link ENTRY}; the strongest where several hold. */
  readonly kinds: Uint8Array
  /** Rows of the loop or function that starts here; 0 for other entries. */
  readonly sizes: Uint32Array
}

/** Finds the entry points of a table. */
export function findEntryPoints(table: InstructionTable): EntryPoints {
  const kinds = new Uint8Array(table.length)
  const sizes = new Uint32Array(table.length)
  const { pc: pcs, op, flags, storeOffset, jmpOffset1, jmpOffset2 } = table.columns
  const mark = (pc: number, kind: number): void => {
    const row = table.rowOf(pc)
    if (row >= 0 && kinds[row]! < kind) kinds[row] = kind
  }
  const markLoop = (from: number, pc: number): void => {
    mark(pc, ENTRY.LOOP)
    const row = table.rowOf(pc)
    if (row >= 0) sizes[row] = Math.max(sizes[row]!, from - row + 1)
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
    if (taken <= pc) markLoop(row, taken)
    if (op[row] !== OP.FLAG && pc + jmpOffset2[row]! <= pc) markLoop(row, pc + jmpOffset2[row]!)
  }
  for (let row = table.length - 1, end = table.length; row >= 0; row--) {
    if (kinds[row] !== ENTRY.FUNCTION) continue
    sizes[row] = end - row
    end = row
  }
  return { kinds, sizes }
}

/** Compiling a unit takes as long as interpreting so many steps, and so many more for each of its instructions. */
const COMPILE_STEPS = 3500
const COMPILE_STEPS_PER_INSTRUCTION = 60
/** Visits after which the continuation of a call is compiled: its function is the better unit. */
const RETURN_VISITS = 2000

/**
 * Visits, by row, after which interpreting an entry has taken about as long as compiling it will; 0 where there is none.
 * So code that runs a few times costs no more than its interpretation, and other code at most twice the least possible.
 */
export function visitsUntilHot({ kinds, sizes }: EntryPoints): Uint16Array {
  const visits = new Uint16Array(kinds.length)
  for (let row = 0; row < kinds.length; row++) {
    const kind = kinds[row]!
    if (kind === ENTRY.NONE) continue
    const size = Math.max(1, sizes[row]!)
    visits[row] =
      kind === ENTRY.RETURN ? RETURN_VISITS : Math.ceil(COMPILE_STEPS / size) + COMPILE_STEPS_PER_INSTRUCTION
  }
  return visits
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
