/** RV64I integer arithmetic: register-register, register-constant, LUI and AUIPC. */
import { AssemblyTest } from './harness.ts'
import { registerConstant, registerPairs } from './tables.ts'
import { s64, u32, u64, word32 } from './words.ts'

type Model = (a: bigint, b: bigint) => bigint

const PAIRS: Record<string, Model> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  sll: (a, b) => a << (b & 63n),
  slt: (a, b) => BigInt(s64(a) < s64(b)),
  sltu: (a, b) => BigInt(a < b),
  xor: (a, b) => a ^ b,
  srl: (a, b) => a >> (b & 63n),
  sra: (a, b) => s64(a) >> (b & 63n),
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  addw: (a, b) => word32(a + b),
  subw: (a, b) => word32(a - b),
  sllw: (a, b) => word32(a << (b & 31n)),
  srlw: (a, b) => word32(u32(a) >> (b & 31n)),
  sraw: (a, b) => BigInt.asIntN(32, a) >> (b & 31n),
}

const SMALL_CONSTANTS = [0n, 1n, -1n, 2047n, -2048n, 1365n]

const CONSTANTS: readonly [name: string, like: string, constants: readonly bigint[]][] = [
  ['addi', 'add', SMALL_CONSTANTS],
  ['slti', 'slt', SMALL_CONSTANTS],
  ['sltiu', 'sltu', SMALL_CONSTANTS],
  ['xori', 'xor', SMALL_CONSTANTS],
  ['ori', 'or', SMALL_CONSTANTS],
  ['andi', 'and', SMALL_CONSTANTS],
  ['addiw', 'addw', SMALL_CONSTANTS],
  ['slli', 'sll', [0n, 1n, 31n, 32n, 63n]],
  ['srli', 'srl', [0n, 1n, 31n, 32n, 63n]],
  ['srai', 'sra', [0n, 1n, 31n, 32n, 63n]],
  ['slliw', 'sllw', [0n, 1n, 15n, 31n]],
  ['srliw', 'srlw', [0n, 1n, 15n, 31n]],
  ['sraiw', 'sraw', [0n, 1n, 15n, 31n]],
]

export function aluTest(): AssemblyTest {
  const test = new AssemblyTest()
  for (const [name, model] of Object.entries(PAIRS)) registerPairs(test, name, model)
  for (const [name, like, constants] of CONSTANTS) {
    for (const constant of constants) registerConstant(test, name, constant, PAIRS[like]!)
  }
  upperImmediates(test)
  return test
}

function upperImmediates(test: AssemblyTest): void {
  test.group('lui and auipc')
  for (const upper of [0n, 1n, 0x7ffffn, 0x80000n, 0xfffffn]) {
    const value = word32(upper << 12n)
    test.code(`lui a0, ${upper}`)
    test.check('a0', value)
    test.code(`auipc a0, ${upper}`, 'auipc a1, 0', 'addi a1, a1, -4', 'sub a0, a0, a1')
    test.check('a0', u64(value))
    test.code('lui zero, 0x12345', 'auipc zero, 0x12345')
    test.check('zero', 0n)
  }
}
