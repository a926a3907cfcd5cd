import { complete, type Example, instanceOf } from '../example.ts'

const ADD = 1n
const MUL = 2n
const PROGRAM: readonly (readonly [op: bigint, operand: bigint])[] = [
  [ADD, 5n],
  [MUL, 3n],
  [ADD, 0n],
  [MUL, 65535n],
  [ADD, 1n],
  [ADD, 1n],
  [MUL, 0n],
  [ADD, 9n],
]
const INPUT = 7n
const ALU = ['bus alu', 'bus range 0..65535', 'c === a + b + is_mul * (a * b - a - b)']
const SPARE = { rows: (row: number) => row >= PROGRAM.length, because: 'spare row: multiplicity 0 proves nothing' }

export const machine: Example = {
  name: 'machine',
  witness: (program) => {
    const acc: bigint[] = []
    const result: bigint[] = []
    let value = INPUT
    for (const [op, operand] of PROGRAM) {
      acc.push(value)
      value = op === ADD ? value + operand : value * operand
      result.push(value)
    }
    const op = PROGRAM.map(([code]) => code)
    const operand = PROGRAM.map(([, b]) => b)
    const isMul = op.map((code) => code - ADD)
    const multiplicity = op.map(() => 1n)
    const cpu = instanceOf(program, { air: 'Cpu' }, { op, operand, acc, result })
    const alu = instanceOf(program, { air: 'Alu' }, { is_mul: isMul, a: acc, b: operand, c: result, multiplicity })
    return complete(program, [cpu, alu], { publics: [INPUT, value] })
  },
  cells: {
    'Cpu.op': { reports: ['bus alu'] },
    'Cpu.operand': { reports: ['bus alu'] },
    'Cpu.acc': { reports: ['bus alu', 'L1 * (acc - input) === 0', "(1 - L1') * (acc' - result) === 0"] },
    'Cpu.result': { reports: ['bus alu', "(1 - L1') * (acc' - result) === 0", "L1' * (result - output) === 0"] },
    'Alu.is_mul': {
      reports: [...ALU, 'is_mul * (1 - is_mul) === 0'],
      free: { rows: SPARE.rows, because: 'spare row: 0 + 0 = 0 * 0, and multiplicity 0 proves nothing' },
    },
    'Alu.a': { reports: ALU },
    'Alu.b': { reports: ALU },
    'Alu.c': { reports: ALU },
    'Alu.multiplicity': { reports: ALU },
    'VirtualTable0.multiplicity': { reports: ALU },
  },
}
