/** Conditional branches in both directions, near and far, JAL and JALR. */
import { AssemblyTest } from './harness.ts'
import { eachOperand, eachPair } from './tables.ts'
import { s64 } from './words.ts'

const BRANCHES: Record<string, (a: bigint, b: bigint) => boolean> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => s64(a) < s64(b),
  bge: (a, b) => s64(a) >= s64(b),
  bltu: (a, b) => a < b,
  bgeu: (a, b) => a >= b,
}

export function branchTest(): AssemblyTest {
  const test = new AssemblyTest()
  for (const [name, taken] of Object.entries(BRANCHES)) {
    const body = ['li a2, 1', `${name} a0, a1, 5f`, 'li a2, 2', '5:']
    eachPair(test, { title: name, body, results: [['a2']] }, (a, b) => [taken(a, b) ? 1n : 2n])
    const same = ['li a2, 0']
    ;['a0, a0', 'a0, zero', 'zero, a0'].forEach((registers, i) => {
      same.push(`${name} ${registers}, 5f`, `ori a2, a2, ${1 << i}`, '5:')
    })
    eachOperand(test, { title: `${name} with equal or zero registers`, body: same, results: [['a2']] }, (a) => [
      BigInt(Number(!taken(a, a)) + 2 * Number(!taken(a, 0n)) + 4 * Number(!taken(0n, a))),
    ])
    farBranches(test, name, taken)
  }
  jumps(test)
  return test
}

/** A branch almost 4 KiB forward, which lands on one almost 4 KiB backward. */
function farBranches(test: AssemblyTest, name: string, taken: (a: bigint, b: bigint) => boolean): void {
  test.group(`${name}, far`)
  const [a, b] = [
    [1n, 1n],
    [1n, 2n],
    [2n, 1n],
  ].find(([x, y]) => taken(x!, y!))!
  test.code(`li a0, ${a}`, `li a1, ${b}`, 'li a2, 0', `${name} a0, a1, 6f`)
  test.code('addi a2, a2, 16', '5:', 'addi a2, a2, 1', 'j 7f', '.zero 4060')
  test.code('addi a2, a2, 32', '6:', 'addi a2, a2, 2', `${name} a0, a1, 5b`, 'addi a2, a2, 64', '7:')
  test.check('a2', 3n)
}

/** JAL and JALR: link values, cleared low bit, odd offsets, equal registers. */
function jumps(test: AssemblyTest): void {
  test.group('jal links the next instruction')
  test.code('jal a0, 5f', '4:', 'j failed', '5:', 'la a1, 4b', 'sub a2, a0, a1')
  test.check('a2', 0n)
  test.code('li a2, 0', 'j 6f', '5:', 'addi a2, a2, 1', 'j 7f', '6:', 'addi a2, a2, 2', 'jal zero, 5b', '7:')
  test.check('a2', 3n)

  test.group('jalr clears the low bit of the target')
  for (const [offset, back] of [
    [1, 0],
    [0, -1],
    [3, 2],
    [-1, -2],
    [2, 2],
    [6, 6],
    [2047, 2046],
    [-2047, -2048],
    [-2048, -2048],
  ] as const) {
    test.code('li a2, 0', `la a1, 5f - (${back})`, `jalr a0, ${offset}(a1)`, '4:', 'addi a2, a2, 16')
    test.code('5:', 'addi a2, a2, 1', 'la a3, 4b', 'sub a3, a0, a3')
    test.check('a2', 1n)
    test.check('a3', 0n)
  }

  test.group('jalr with one register for target and link')
  test.code('la a1, 5f', 'jalr a1, 0(a1)', '4:', 'j failed', '5:', 'la a3, 4b', 'sub a3, a1, a3')
  test.check('a3', 0n)
  test.code('la a1, 5f + 1', 'jalr a1, 0(a1)', '4:', 'j failed', '5:', 'la a3, 4b', 'sub a3, a1, a3')
  test.check('a3', 0n)
  test.code('la a1, 5f - 6', 'jalr a1, 6(a1)', '4:', 'j failed', '5:', 'la a3, 4b', 'sub a3, a1, a3')
  test.check('a3', 0n)
  test.code('la a1, 5f', 'jalr zero, 0(a1)', 'j failed', '5:')
  test.check('zero', 0n)

  test.group('calls through a table, and returns')
  test.code('li s9, 0', 'li s10, 0', '4:', 'la a1, targets', 'slli a2, s9, 3', 'add a1, a1, a2', 'ld a1, 0(a1)')
  test.code('jalr a1', 'addi s9, s9, 1', 'li a2, 4', 'bne s9, a2, 4b')
  test.check('s10', 0x1248n)
  test.code('j 9f')
  for (let i = 0; i < 4; i++) test.code(`target_${i}:`, 'slli s10, s10, 4', `addi s10, s10, ${1 << i}`, 'ret')
  test.code('9:')
  test.data('  .balign 8', 'targets:', '  .dword target_0, target_1, target_2, target_3')
}
