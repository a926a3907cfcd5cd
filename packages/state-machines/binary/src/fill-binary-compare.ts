import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryCompareAirValues, binaryCompareColumns } from './binary-compare-columns.gen.ts'

const LIMB = 2 ** 32

/** What an operation does, without the 0x10 that its form on 32 bits adds. */
type Kind = 'compare' | 'equal' | 'choice' | 'add' | 'sub'

interface Shape {
  readonly kind: Kind
  readonly isSigned: 0 | 1
  /** 1 for weak comparisons and maxima. */
  readonly e: 0 | 1
}

const SHAPES: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [OP.MINU, { kind: 'choice', isSigned: 0, e: 0 }],
  [OP.MIN, { kind: 'choice', isSigned: 1, e: 0 }],
  [OP.MAXU, { kind: 'choice', isSigned: 0, e: 1 }],
  [OP.MAX, { kind: 'choice', isSigned: 1, e: 1 }],
  [OP.LTU, { kind: 'compare', isSigned: 0, e: 0 }],
  [OP.LT, { kind: 'compare', isSigned: 1, e: 0 }],
  [OP.LEU, { kind: 'compare', isSigned: 0, e: 1 }],
  [OP.LE, { kind: 'compare', isSigned: 1, e: 1 }],
  [OP.EQ, { kind: 'equal', isSigned: 0, e: 0 }],
  [OP.ADD, { kind: 'add', isSigned: 0, e: 0 }],
  [OP.SUB, { kind: 'sub', isSigned: 0, e: 0 }],
])

/** Fills an instance of BinaryCompare, whose columns are zero. */
export function fillBinaryCompare(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryCompareColumns(instance)
  const [x0, x1] = columns.x.map(columnWords) as [Uint32Array, Uint32Array]
  const [y0, y1] = columns.y.map(columnWords) as [Uint32Array, Uint32Array]
  const [low0, low1] = columns.d_low.map(columnWords) as [Uint32Array, Uint32Array]
  const [borrow0, borrow1] = columns.borrow.map(columnWords) as [Uint32Array, Uint32Array]
  const [c0, c1] = columns.c.map(columnWords) as [Uint32Array, Uint32Array]
  const [xLow, yLow] = [columnWords(columns.x_low), columnWords(columns.y_low)]
  const [xSign, ySign] = [columnWords(columns.x_sign), columnWords(columns.y_sign)]
  const [word, signed, weak] = [columns.is_word, columns.is_signed, columns.e].map(columnWords) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  const takesX = columnWords(columns.takes_x)
  const takesY = columnWords(columns.takes_y)
  const isCompare = columnWords(columns.is_compare)
  const isEqual = columnWords(columns.is_equal)
  const isAdd = columnWords(columns.is_add)
  const isSubWord = columnWords(columns.is_sub_word)
  const outcome = columnWords(columns.holds)
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = from + row
    const op = inputs.op[i]!
    const isWord = op >= 0x10
    const { kind, isSigned, e: strictness } = SHAPES.get(isWord ? op - 0x10 : op)!
    const aLow = inputs.a[2 * i]!
    const bLow = inputs.b[2 * i]!
    let xHigh = isWord ? aLow : inputs.a[2 * i + 1]!
    let yHigh = isWord ? bLow : inputs.b[2 * i + 1]!
    const xLimb = isWord ? 0 : aLow
    const yLimb = isWord ? 0 : bLow
    // The result takes the place of the operand that the difference is.
    if (kind === 'add') xHigh = (aLow + bLow) >>> 0
    else if (kind === 'sub' && isWord) yHigh = (aLow - bLow) >>> 0
    // Unequal operands are shown in the order in which the first is smaller, or with a 1 subtracted.
    const isLess = xHigh < yHigh || (xHigh === yHigh && xLimb < yLimb)
    const areEqual = xHigh === yHigh && xLimb === yLimb
    const e = kind === 'equal' ? (areEqual || isLess ? 0 : 1) : strictness

    const d0 = xLimb - yLimb - e
    const k0 = d0 < 0 ? 1 : 0
    const d1 = xHigh - yHigh - k0
    const k1 = d1 < 0 ? 1 : 0
    const low = d0 + LIMB * k0
    const high = d1 + LIMB * k1
    x0[at] = xLimb
    x1[at] = xHigh
    y0[at] = yLimb
    y1[at] = yHigh
    low0[at] = low & 0xffff
    low1[at] = high & 0xffff
    borrow0[at] = k0
    borrow1[at] = k1
    xLow[at] = xHigh & 0x7fff
    yLow[at] = yHigh & 0x7fff
    const sx = xHigh >>> 31
    const sy = yHigh >>> 31
    xSign[at] = sx
    ySign[at] = sy
    word[at] = isWord ? 1 : 0
    signed[at] = isSigned
    weak[at] = e
    if (kind === 'compare' || kind === 'choice') {
      const holds = k1 + isSigned * (sx - sy)
      outcome[at] = holds
      if (kind === 'compare') {
        isCompare[at] = 1
        c0[at] = holds
        continue
      }
      const isX = holds !== e
      ;(isX ? takesX : takesY)[at] = 1
      const top = isX ? xHigh : yHigh
      c0[at] = isWord ? top : isX ? xLimb : yLimb
      c1[at] = isWord ? -(top >>> 31) : top
    } else if (kind === 'equal') {
      isEqual[at] = 1
      outcome[at] = c0[at] = areEqual ? 1 : 0
    } else if (kind === 'add') {
      isAdd[at] = 1
      c0[at] = xHigh
      c1[at] = -sx
    } else if (isWord) {
      isSubWord[at] = 1
      c0[at] = yHigh
      c1[at] = -sy
    } else {
      c0[at] = low
      c1[at] = high
    }
  }
  setAirValues(instance, binaryCompareAirValues({ padding_size: BigInt(instance.rows - count) }))
}
