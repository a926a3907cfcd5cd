/** Every class of instruction with x0 as destination: x0 stays 0, and the side effects remain. */
import { AssemblyTest } from './harness.ts'

const WRITERS = [
  'lui zero, 0x12345',
  'auipc zero, 0x12345',
  'addi zero, a0, 5',
  'xori zero, a0, -1',
  'ori zero, a0, 1',
  'andi zero, a0, -1',
  'slti zero, a2, 1',
  'sltiu zero, zero, 1',
  'slli zero, a0, 3',
  'srli zero, a0, 3',
  'srai zero, a0, 3',
  'addiw zero, a0, 5',
  'slliw zero, a0, 3',
  'srliw zero, a0, 3',
  'sraiw zero, a0, 3',
  'add zero, a0, a0',
  'sub zero, zero, a0',
  'sll zero, a0, a0',
  'slt zero, a2, a0',
  'sltu zero, zero, a0',
  'xor zero, a0, a1',
  'or zero, a0, a0',
  'and zero, a0, a0',
  'srl zero, a0, zero',
  'sra zero, a0, zero',
  'addw zero, a0, a0',
  'subw zero, zero, a0',
  'sllw zero, a0, zero',
  'srlw zero, a0, zero',
  'sraw zero, a0, zero',
  'mul zero, a0, a0',
  'mulh zero, a2, a0',
  'mulhsu zero, a2, a0',
  'mulhu zero, a2, a2',
  'div zero, a0, zero',
  'divu zero, a0, zero',
  'rem zero, a0, zero',
  'remu zero, a0, zero',
  'mulw zero, a0, a0',
  'divw zero, a0, zero',
  'divuw zero, a0, zero',
  'remw zero, a0, zero',
  'remuw zero, a0, zero',
  'lb zero, 0(a1)',
  'lbu zero, 0(a1)',
  'lh zero, 0(a1)',
  'lhu zero, 0(a1)',
  'lw zero, 0(a1)',
  'lwu zero, 0(a1)',
  'ld zero, 0(a1)',
  'lr.w zero, (a1)',
  'lr.d zero, (a1)',
  'fence',
  'fence.i',
]

export function zeroRegisterTest(): AssemblyTest {
  const test = new AssemblyTest([])
  test.data('  .section .data', '  .balign 8', 'cell: .dword -1', '  .section .rodata')
  for (const writer of WRITERS) {
    test.group(writer)
    test.code('li a0, 123', 'li a2, -7', 'la a1, cell', writer, 'mv a3, zero')
    test.check('a3', 0n)
    test.check('a0', 123n)
  }
  test.group('jal and jalr without a link')
  test.code('jal zero, 5f', 'j failed', '5:', 'la a1, 6f', 'jalr zero, 0(a1)', 'j failed', '6:')
  test.check('zero', 0n)
  test.group('atomics without a result still change memory')
  test.code('la a1, cell', 'li a0, 5', 'sd a0, 0(a1)', 'amoadd.d zero, a0, (a1)', 'ld a2, 0(a1)')
  test.check('a2', 10n)
  test.code('amoswap.w zero, a0, (a1)', 'ld a2, 0(a1)')
  test.check('a2', 5n)
  test.code('li a0, 77', 'lr.d a3, (a1)', 'sc.d zero, a0, (a1)', 'ld a2, 0(a1)')
  test.check('a2', 77n)
  test.check('zero', 0n)
  return test
}
