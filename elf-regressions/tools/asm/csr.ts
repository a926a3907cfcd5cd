/** Zicsr on CSRs without a meaning of their own: each is a 64-bit word of memory. */
import { AssemblyTest } from './harness.ts'
import { u64 } from './words.ts'

/** sscratch, mscratch, mepc, mtval, and two of the custom ranges below 0x800. */
const CSRS = [0x140, 0x340, 0x341, 0x343, 0x5c0, 0x7c0]

const VALUES = [0n, 1n, -1n, 1n << 63n, (1n << 63n) - 1n, 0xffff_ffffn, 0x0123_4567_89ab_cdefn].map(u64)

const OPERATIONS: Record<string, (old: bigint, operand: bigint) => bigint> = {
  csrrw: (_, operand) => operand,
  csrrs: (old, operand) => old | operand,
  csrrc: (old, operand) => old & ~operand,
}

export function csrTest(): AssemblyTest {
  const test = new AssemblyTest([])
  for (const csr of CSRS) {
    test.group(`a write to CSR ${csr} can be read`)
    for (const value of VALUES) {
      test.code(`li a0, ${value}`, `csrw ${csr}, a0`, `csrr a1, ${csr}`)
      test.check('a1', value)
    }
  }
  test.group('each CSR keeps its own value')
  CSRS.forEach((csr, i) => {
    test.code(`li a0, ${i + 100}`, `csrw ${csr}, a0`)
  })
  CSRS.forEach((csr, i) => {
    test.code(`csrr a1, ${csr}`)
    test.check('a1', BigInt(i + 100))
  })
  for (const [name, model] of Object.entries(OPERATIONS)) {
    registerForm(test, name, model)
    constantForm(test, name, model)
  }
  return test
}

function registerForm(test: AssemblyTest, name: string, model: (old: bigint, operand: bigint) => bigint): void {
  test.group(name)
  for (const old of VALUES) {
    for (const operand of VALUES) {
      const after = u64(model(old, operand))
      const prepare = [`li a1, ${old}`, 'csrw 0x340, a1', `li a0, ${operand}`]
      test.code(...prepare, `${name} a2, 0x340, a0`, 'csrr a3, 0x340')
      test.check('a2', old)
      test.check('a3', after)
      test.code(...prepare, `${name} a0, 0x340, a0`, 'csrr a3, 0x340')
      test.check('a0', old)
      test.check('a3', after)
      test.code(...prepare, `${name} zero, 0x340, a0`, 'csrr a3, 0x340')
      test.check('a3', after)
    }
    const untouched = u64(model(old, 0n))
    test.code(`li a1, ${old}`, 'csrw 0x340, a1', `${name} a2, 0x340, zero`, 'csrr a3, 0x340')
    test.check('a2', old)
    test.check('a3', untouched)
    test.code('csrw 0x340, a1', `${name} zero, 0x340, zero`, 'csrr a3, 0x340')
    test.check('a3', untouched)
  }
}

function constantForm(test: AssemblyTest, name: string, model: (old: bigint, operand: bigint) => bigint): void {
  test.group(`${name}i`)
  for (const old of VALUES) {
    for (const operand of [0n, 1n, 15n, 16n, 31n]) {
      const after = u64(model(old, operand))
      const prepare = [`li a1, ${old}`, 'csrw 0x340, a1']
      test.code(...prepare, `${name}i a2, 0x340, ${operand}`, 'csrr a3, 0x340')
      test.check('a2', old)
      test.check('a3', after)
      test.code(...prepare, `${name}i zero, 0x340, ${operand}`, 'csrr a3, 0x340')
      test.check('a3', after)
    }
  }
}
