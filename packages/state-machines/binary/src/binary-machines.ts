import { OP, OPCODES } from '@zisk/core'
import type { OperationMachine } from '@zisk/witness'
import { fillBinaryAdd } from './fill-binary-add.ts'
import { fillBinaryAddWord } from './fill-binary-add-word.ts'
import { fillBinaryCompare } from './fill-binary-compare.ts'
import { fillBinaryEqual } from './fill-binary-equal.ts'
import { fillBinaryExtension } from './fill-binary-extension.ts'
import { fillBinaryLess } from './fill-binary-less.ts'
import { fillBinaryLogic } from './fill-binary-logic.ts'
import { fillBinaryShiftWord } from './fill-binary-shift-word.ts'

const LOGIC: readonly number[] = [OP.AND, OP.OR, OP.XOR]

const codesOf = (type: string): readonly number[] =>
  OPCODES.filter((opcode) => opcode.type === type).map(({ code }) => code)

/** The machines of additions, logic, comparisons and shifts. */
export const BINARY_MACHINES: readonly OperationMachine[] = [
  { air: 'BinaryAdd', operations: [OP.ADD], fill: fillBinaryAdd },
  { air: 'BinaryAddWord', operations: [OP.ADD_W], fill: fillBinaryAddWord, general: 'BinaryCompare' },
  { air: 'BinaryEqual', operations: [OP.EQ], fill: fillBinaryEqual, general: 'BinaryCompare' },
  { air: 'BinaryLess', operations: [OP.LTU], fill: fillBinaryLess, general: 'BinaryCompare' },
  { air: 'BinaryLogic', operations: LOGIC, fill: fillBinaryLogic },
  {
    air: 'BinaryCompare',
    operations: codesOf('binary').filter((code) => code !== OP.ADD && !LOGIC.includes(code)),
    fill: fillBinaryCompare,
  },
  {
    air: 'BinaryShiftWord',
    operations: [OP.SLL_W, OP.SRL_W],
    fill: fillBinaryShiftWord,
    general: 'BinaryExtension',
  },
  { air: 'BinaryExtension', operations: codesOf('binaryE'), fill: fillBinaryExtension },
]
