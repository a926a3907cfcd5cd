import { OP } from '@zisk/core'
import type { OperationMachine } from '@zisk/witness'
import { fillArithDiv } from './fill-arith-div.ts'
import { fillArithMul } from './fill-arith-mul.ts'

const codesBetween = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** The machines of products and of quotients. */
export const ARITH_MACHINES: readonly OperationMachine[] = [
  { air: 'ArithMul', operations: codesBetween(OP.MULU, OP.MUL_W), fill: fillArithMul },
  { air: 'ArithDiv', operations: codesBetween(OP.DIVU, OP.REM_W), fill: fillArithDiv },
]
