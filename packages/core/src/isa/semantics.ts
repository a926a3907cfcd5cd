/**
 * What every operation computes, in unbounded integers: the oracle for the interpreter, the JIT and the state machines.
 *
 * Source: ZisK v0.18 `core/src/zisk_ops.rs`; RISC-V unprivileged ISA for division corners.
 */

import { OP } from './opcodes.ts'

/** Result of one operation: the value `c` (0..2^64-1) and the flag. */
export interface OperationResult {
  readonly c: bigint
  readonly flag: boolean
}

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x)
const s64 = (x: bigint): bigint => BigInt.asIntN(64, x)
const u32 = (x: bigint): bigint => BigInt.asUintN(32, x)
const s32 = (x: bigint): bigint => BigInt.asIntN(32, x)

const ALL_ONES = (1n << 64n) - 1n

const value = (c: bigint): OperationResult => ({ c: u64(c), flag: false })
/** The low 32 bits, sign-extended to 64. */
const word = (c: bigint): OperationResult => ({ c: u64(s32(c)), flag: false })
const compare = (holds: boolean): OperationResult => ({ c: holds ? 1n : 0n, flag: holds })
const byZero = (c: bigint): OperationResult => ({ c: u64(c), flag: true })

type Operation = (a: bigint, b: bigint) => OperationResult

const OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.FLAG]: () => ({ c: 0n, flag: true }),
  [OP.COPYB]: (_a, b) => value(b),
  [OP.PUBOUT]: (_a, b) => value(b),

  [OP.MINU]: (a, b) => value(a < b ? a : b),
  [OP.MIN]: (a, b) => value(s64(a) < s64(b) ? a : b),
  [OP.MAXU]: (a, b) => value(a > b ? a : b),
  [OP.MAX]: (a, b) => value(s64(a) > s64(b) ? a : b),
  [OP.MINU_W]: (a, b) => word(u32(a) < u32(b) ? a : b),
  [OP.MIN_W]: (a, b) => word(s32(a) < s32(b) ? a : b),
  [OP.MAXU_W]: (a, b) => word(u32(a) > u32(b) ? a : b),
  [OP.MAX_W]: (a, b) => word(s32(a) > s32(b) ? a : b),

  [OP.LTU]: (a, b) => compare(a < b),
  [OP.LT]: (a, b) => compare(s64(a) < s64(b)),
  [OP.LEU]: (a, b) => compare(a <= b),
  [OP.LE]: (a, b) => compare(s64(a) <= s64(b)),
  [OP.EQ]: (a, b) => compare(a === b),
  [OP.LTU_W]: (a, b) => compare(u32(a) < u32(b)),
  [OP.LT_W]: (a, b) => compare(s32(a) < s32(b)),
  [OP.LEU_W]: (a, b) => compare(u32(a) <= u32(b)),
  [OP.LE_W]: (a, b) => compare(s32(a) <= s32(b)),
  [OP.EQ_W]: (a, b) => compare(u32(a) === u32(b)),

  [OP.ADD]: (a, b) => value(a + b),
  [OP.SUB]: (a, b) => value(a - b),
  [OP.AND]: (a, b) => value(a & b),
  [OP.OR]: (a, b) => value(a | b),
  [OP.XOR]: (a, b) => value(a ^ b),
  [OP.ADD_W]: (a, b) => word(a + b),
  [OP.SUB_W]: (a, b) => word(a - b),

  [OP.SLL]: (a, b) => value(a << (b & 63n)),
  [OP.SRL]: (a, b) => value(a >> (b & 63n)),
  [OP.SRA]: (a, b) => value(s64(a) >> (b & 63n)),
  [OP.SLL_W]: (a, b) => word(u32(a) << (b & 31n)),
  [OP.SRL_W]: (a, b) => word(u32(a) >> (b & 31n)),
  [OP.SRA_W]: (a, b) => word(s32(a) >> (b & 31n)),
  [OP.SIGNEXTEND_B]: (_a, b) => value(BigInt.asIntN(8, b)),
  [OP.SIGNEXTEND_H]: (_a, b) => value(BigInt.asIntN(16, b)),
  [OP.SIGNEXTEND_W]: (_a, b) => value(s32(b)),

  [OP.MULU]: (a, b) => value(a * b),
  [OP.MULUH]: (a, b) => value((a * b) >> 64n),
  [OP.MULSUH]: (a, b) => value((s64(a) * b) >> 64n),
  [OP.MUL]: (a, b) => value(a * b),
  [OP.MULH]: (a, b) => value((s64(a) * s64(b)) >> 64n),
  [OP.MUL_W]: (a, b) => word(a * b),

  // Division by zero gives all ones (quotient) or the dividend (remainder) and raises the flag;
  // MIN / -1 wraps to MIN with remainder 0, which unbounded division followed by truncation yields by itself.
  [OP.DIVU]: (a, b) => (b === 0n ? byZero(ALL_ONES) : value(a / b)),
  [OP.REMU]: (a, b) => (b === 0n ? byZero(a) : value(a % b)),
  [OP.DIV]: (a, b) => (b === 0n ? byZero(ALL_ONES) : value(s64(a) / s64(b))),
  [OP.REM]: (a, b) => (b === 0n ? byZero(a) : value(s64(a) % s64(b))),
  [OP.DIVU_W]: (a, b) => (u32(b) === 0n ? byZero(ALL_ONES) : word(u32(a) / u32(b))),
  [OP.REMU_W]: (a, b) => (u32(b) === 0n ? byZero(s32(a)) : word(u32(a) % u32(b))),
  [OP.DIV_W]: (a, b) => (u32(b) === 0n ? byZero(ALL_ONES) : word(s32(a) / s32(b))),
  [OP.REM_W]: (a, b) => (u32(b) === 0n ? byZero(s32(a)) : word(s32(a) % s32(b))),
}

/** Whether {@link evaluateOperation} defines this opcode: all but `halt`, fcalls, `profile`, DMA and precompiles. */
export function isPureOperation(op: number): boolean {
  return OPERATIONS[op] !== undefined
}

/**
 * Computes `(c, flag) = op(a, b)`.
 *
 * @param op opcode with {@link isPureOperation}
 * @param a first operand, 0..2^64-1
 * @param b second operand, 0..2^64-1
 * @throws {RangeError} when the opcode is not a pure function of its operands
 */
export function evaluateOperation(op: number, a: bigint, b: bigint): OperationResult {
  const operation = OPERATIONS[op]
  if (operation === undefined) throw new RangeError(`opcode expected a pure operation, got 0x${op.toString(16)}`)
  return operation(a, b)
}
