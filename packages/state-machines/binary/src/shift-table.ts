import { OP } from '@zisk/core'

/** How the result of a row is put together from the words of its products. */
export const ROUTE = { p01: 0, zeroP0: 1, p2: 2, p12: 3, low: 4 } as const

/** What the table of BinaryExtension says about an operation and an amount; see `binary_extension.pil`. */
export interface ShiftRow {
  readonly route: number
  /** Logarithm of the power that the operand is multiplied by. */
  readonly shift: number
  /** Logarithm of what the low word is divided by; used by route `low` alone. */
  readonly scaleShift: number
  readonly fill0: number
  readonly fill1: number
}

const ALL_ONES = 0xffff_ffff

/** The row for an operation and the low 6 bits of the amount. */
export function shiftRow(op: number, amount: number): ShiftRow {
  const isWord = op === OP.SLL_W || op === OP.SRL_W || op === OP.SRA_W
  const by = isWord ? amount & 31 : amount
  const extended = { route: ROUTE.low, scaleShift: 0, fill0: 0, fill1: ALL_ONES }
  if (op === OP.SLL) return { route: by < 32 ? ROUTE.p01 : ROUTE.zeroP0, shift: by & 31, ...NO_FILL }
  if (op === OP.SLL_W) return { ...extended, shift: by }
  if (op >= OP.SIGNEXTEND_B) {
    const top = op === OP.SIGNEXTEND_B ? 24 : op === OP.SIGNEXTEND_H ? 16 : 0
    return { ...extended, shift: top, scaleShift: top, fill0: ALL_ONES - (2 ** (32 - top) - 1) }
  }
  if (isWord && by === 0) return { ...extended, shift: 0 }
  const right = isWord ? by + 32 : by
  const route = right === 0 ? ROUTE.p01 : right <= 32 ? ROUTE.p12 : ROUTE.p2
  const shift = (64 - right) & 31
  if (op === OP.SRL || op === OP.SRL_W || right === 0) return { route, shift, ...NO_FILL }
  if (right < 32) return { route, shift, scaleShift: 0, fill0: 0, fill1: 2 ** 32 - 2 ** (32 - right) }
  return { route, shift, scaleShift: 0, fill0: 2 ** 32 - 2 ** (64 - right), fill1: ALL_ONES }
}

const NO_FILL = { scaleShift: 0, fill0: 0, fill1: 0 } as const
