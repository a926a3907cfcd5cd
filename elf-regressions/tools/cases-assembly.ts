/** Self-checking assembly, one instruction group each. */
import { aluTest } from './asm/alu.ts'
import { atomicTest } from './asm/atomic.ts'
import { branchTest } from './asm/branch.ts'
import { compressedTest } from './asm/compressed.ts'
import { csrTest } from './asm/csr.ts'
import type { AssemblyTest } from './asm/harness.ts'
import { loadStoreTest, unalignedTest } from './asm/memory.ts'
import { mulTest } from './asm/mul.ts'
import { zeroRegisterTest } from './asm/zero-register.ts'
import type { Case } from './case.ts'

function generated(name: string, description: string, create: () => AssemblyTest, march = 'rv64im'): Case {
  return {
    name,
    description,
    build: { language: 'assembly', compiler: 'gcc', march, generated: () => create().text() },
    model: () => ({ exitCode: 0, outputs: create().outputs() }),
  }
}

export const assemblyCases: readonly Case[] = [
  generated('rv64i-alu', 'Every RV64I arithmetic instruction on boundary operands', aluTest),
  generated('rv64i-branch', 'Every branch on boundary operands, near and far, JAL and JALR', branchTest),
  generated('rv64i-load-store', 'Every load and store at aligned addresses and extreme offsets', loadStoreTest),
  generated('unaligned', 'Every width at every offset, inside and across words and pages', unalignedTest),
  generated('rv64m', 'Every RV64M instruction on boundary operands', mulTest),
  generated(
    'rv64a',
    'Every RV64A instruction on boundary operands, with all coinciding registers',
    atomicTest,
    'rv64ima',
  ),
  generated('rv64c', 'Every 16-bit instruction, with boundary constants and hints', compressedTest, 'rv64imac'),
  generated('zero-register', 'Every class of instruction with x0 as destination', zeroRegisterTest, 'rv64ima_zifencei'),
  {
    ...generated('zicsr', 'Every CSR instruction on CSRs that are plain words', csrTest, 'rv64im_zicsr'),
    qemu: false,
  },
]
