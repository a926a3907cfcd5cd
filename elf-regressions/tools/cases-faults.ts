/** Guests that must end with a typed fault, each at the instruction labelled `fault`. */
import type { Build, Case, Fault } from './case.ts'

const ASSEMBLY: Build = { language: 'assembly', compiler: 'gcc', march: 'rv64imac' }

/** A few instructions of `main`. For jumps the address is that of the target, where there is no instruction. */
function fault(
  name: string,
  parts: Pick<Case, 'description'> &
    Omit<Fault, 'symbol'> & { readonly code: Fault['code']; readonly main: readonly string[] } & Pick<Build, 'march'>,
): Case {
  const { description, main, march, ...rest } = parts
  const text = ['  .text', '  .globl main, fault', 'main:', ...main.map((line) => `  ${line}`), ''].join('\n')
  return {
    name: `fault-${name}`,
    description,
    build: { ...ASSEMBLY, march, generated: () => text },
    qemu: false,
    model: () => ({ fault: { ...rest, ...(main.some((line) => line.startsWith('fault:')) && { symbol: 'fault' }) } }),
  }
}

/** An instruction word that must not be executed. */
function bad(
  name: string,
  description: string,
  code: Fault['code'],
  words: readonly string[],
  march = 'rv64imac',
): Case {
  return fault(name, {
    description,
    code,
    march,
    main: ['nop', `fault: ${words[0]}`, ...words.slice(1), 'li a0, 0', 'ret'],
  })
}

function access(name: string, description: string, code: Fault['code'], address: string, instruction: string): Case {
  const main = [`li a0, ${address}`, `fault: ${instruction}`, 'li a0, 0', 'ret']
  return fault(name, { description, code, address, march: 'rv64imac', main })
}

function jump(name: string, description: string, target: string, address?: string): Case {
  const main = [`${target.startsWith('0x') ? 'li' : 'la'} a0, ${target}`, 'jalr a0', 'li a0, 0', 'ret']
  main.push(
    '.balign 4',
    'middle:',
    '.option push',
    '.option norvc',
    'li a0, 1',
    'amo: amoadd.d a1, a2, (sp)',
    '.option pop',
  )
  main.push(
    '.data',
    '.balign 8',
    'data: .word 0x00000513, 0x00008067',
    '.section .rodata',
    'constant: .word 0x00008067',
  )
  return fault(`jump-${name}`, {
    description,
    code: 'NO_INSTRUCTION',
    march: 'rv64imac',
    main,
    ...(address && { address }),
  })
}

const illegal = (name: string, description: string, ...words: string[]): Case =>
  bad(name, description, 'ILLEGAL_INSTRUCTION', words)

const float = (name: string, description: string, ...words: string[]): Case =>
  bad(name, description, 'UNSUPPORTED_FLOAT', words)

export const faultCases: readonly Case[] = [
  illegal('zero', 'A 32-bit word of zeros', '.word 0'),
  illegal('c-unimp', 'The 16-bit trap instruction c.unimp, then ordinary code', '.half 0', '.half 0x0505'),
  illegal('opcode', 'A reserved major opcode', '.word 0x0000006b'),
  illegal('long-encoding', 'The start of an instruction of more than 64 bits', '.word 0xffffffff'),
  illegal('funct7', 'An arithmetic opcode with a reserved function code', '.word 0xfeb50533'),
  illegal('shift', 'A 32-bit shift by more than 31', '.word 0x0205151b'),
  illegal('branch', 'A branch opcode with a reserved function code', '.word 0x00b52063'),
  illegal('load', 'A load opcode with a reserved width', '.word 0x00057503'),
  illegal('amo', 'An atomic opcode with a reserved operation', '.word 0xf8b5252f'),
  illegal('c-addi4spn', 'c.addi4spn with a constant of 0', '.half 0x0004'),
  illegal('c-addiw', 'c.addiw with rd = x0', '.half 0x2005'),
  illegal('c-lwsp', 'c.lwsp with rd = x0', '.half 0x4002'),
  illegal('c-lui', 'c.lui with a constant of 0', '.half 0x6501'),
  illegal('c-jr', 'c.jr with rs1 = x0', '.half 0x8002'),
  illegal('c-reserved', 'A reserved encoding of the first compressed quadrant', '.half 0x8000'),
  float('fadd', 'A floating-point addition', '.word 0x02b57553'),
  float('fld', 'A floating-point load', '.word 0x00013507'),
  float('c-fld', 'A compressed floating-point load', '.half 0x2108'),
  bad('unimp', 'The 32-bit trap instruction unimp, a write to CSR cycle', 'ILLEGAL_INSTRUCTION', ['unimp']),
  bad('csr', 'A CSR at or above 0x800 without a meaning', 'UNKNOWN_CSR', ['csrr a0, 0xbc0'], 'rv64imac_zicsr'),
  fault('ecall', {
    description: 'A system call other than exit',
    code: 'UNSUPPORTED_ECALL',
    march: 'rv64imac',
    main: ['li a7, 64', 'fault: ecall', 'li a0, 0', 'ret'],
  }),
  access('read-null', 'A read through a null pointer', 'INVALID_READ', '0x0', 'ld a1, 0(a0)'),
  access('read-hole', 'A read between the regions', 'INVALID_READ', '0x90000000', 'lw a1, 0(a0)'),
  access('read-after-ram', 'A read after the end of RAM', 'INVALID_READ', '0xc0000000', 'lbu a1, 0(a0)'),
  access('read-high', 'A read above 4 GiB', 'INVALID_READ', '0x100000000', 'lh a1, 0(a0)'),
  access(
    'read-high-alias',
    'A read above 4 GiB whose low half is in RAM',
    'INVALID_READ',
    '0x1a0100000',
    'ld a1, 0(a0)',
  ),
  access(
    'read-last-byte',
    'A read of the last byte of the address space',
    'INVALID_READ',
    '0xffffffffffffffff',
    'lb a1, 0(a0)',
  ),
  access(
    'read-wrap',
    'A read that wraps around the address space',
    'INVALID_READ',
    '0xfffffffffffffffc',
    'ld a1, 0(a0)',
  ),
  access('read-across-end', 'A read across the end of RAM', 'ACCESS_CROSSES_REGION', '0xbffffffc', 'ld a1, 0(a0)'),
  access('write-null', 'A write through a null pointer', 'INVALID_WRITE', '0x0', 'sd a1, 0(a0)'),
  access('write-hole', 'A write between the regions', 'INVALID_WRITE', '0x90000000', 'sb a1, 0(a0)'),
  access(
    'write-high-alias',
    'A write above 4 GiB whose low half is in RAM',
    'INVALID_WRITE',
    '0x1a0100000',
    'sd a1, 0(a0)',
  ),
  access('write-before-ram', 'A write before the start of RAM', 'STACK_OVERFLOW', '0x98fffff8', 'sd a1, 0(a0)'),
  access('write-across-end', 'A write across the end of RAM', 'ACCESS_CROSSES_REGION', '0xbffffffe', 'sw a1, 0(a0)'),
  access('write-input', 'A write to the input', 'WRITE_TO_INPUT', '0x40000008', 'sd a1, 0(a0)'),
  access('amo-null', 'An atomic through a null pointer', 'INVALID_READ', '0x0', 'amoadd.d a1, a1, (a0)'),
  fault('write-rom', {
    description: 'A write to a constant',
    code: 'WRITE_TO_ROM',
    march: 'rv64imac',
    main: ['la a0, constant', 'fault: sd a1, 0(a0)', 'li a0, 0', 'ret', '.section .rodata', 'constant: .dword 7'],
  }),
  fault('write-own-code', {
    description: 'Self-modifying code in ROM',
    code: 'WRITE_TO_ROM',
    march: 'rv64imac_zifencei',
    main: ['la a0, main', 'li a1, 0x13', 'fault: sw a1, 0(a0)', 'fence.i', 'li a0, 0', 'ret'],
  }),
  jump('null', 'A call through a null pointer', '0x0', '0x0'),
  jump('high', 'A call to an address above 4 GiB whose low half is code', '0x180000000', '0x180000000'),
  jump('hole', 'A call between the regions', '0x90000000', '0x90000000'),
  jump('bios', 'A call into the gap after the start-up code of the machine', '0x00100000', '0x100000'),
  jump('data', 'A call into writable data that look like code', 'data'),
  jump('constant', 'A call into read-only data that look like code', 'constant'),
  jump('middle', 'A call into the middle of a 32-bit instruction', 'middle + 2'),
  jump('middle-of-atomic', 'A call into the middle of an atomic, which the machine runs in several steps', 'amo + 2'),
  fault('endless-loop', {
    description: 'A loop without end, to be stopped by a step limit',
    code: 'STEP_LIMIT',
    march: 'rv64imac',
    main: ['forever: j forever'],
  }),
  fault('stack-overflow', {
    description: 'Recursion without end: the stack leaves RAM at its start, below all data',
    code: 'STACK_OVERFLOW',
    address: '0x98fffff8',
    march: 'rv64imac',
    main: ['addi sp, sp, -16', 'fault: sd ra, 8(sp)', 'call main', 'ld ra, 8(sp)', 'addi sp, sp, 16', 'ret'],
  }),
  nullPointer('null-pointer-dwarf5', 5),
  nullPointer('null-pointer-dwarf4', 4),
  {
    name: 'fault-write-ram-code',
    description: 'Self-modifying code in RAM',
    build: { ...ASSEMBLY, march: 'rv64imac_zifencei', script: 'ram-entry/ram.ld' },
    qemu: false,
    model: () => ({ fault: { code: 'WRITE_TO_CODE', symbol: 'fault' } }),
  },
]

/** A C program with debug information; the line of the bad read is marked in its source. */
function nullPointer(name: string, dwarf: 4 | 5): Case {
  return {
    name,
    description: `A list walk that runs off its end, with DWARF ${dwarf} debug information`,
    build: {
      language: 'C',
      compiler: 'gcc',
      march: 'rv64imac',
      sources: ['lib/null-pointer.c'],
      dwarf,
      flags: ['-Og'],
    },
    qemu: false,
    model: () => ({
      fault: { code: 'INVALID_READ', function: 'third_value', source: 'lib/null-pointer.c:15', address: '0x8' },
    }),
  }
}
