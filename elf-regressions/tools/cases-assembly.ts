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

function handwritten(name: string, description: string, script: string, outputs: readonly number[]): Case {
  return {
    name,
    description,
    build: { language: 'assembly', compiler: 'gcc', march: 'rv64imac', script: `${name}/${script}` },
    model: () => ({ exitCode: 0, outputs }),
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
  handwritten('custom-entry', 'An entry point inside the code and not at a multiple of 4', 'entry.ld', [0x600d]),
  handwritten('ram-entry', 'Code in RAM, entry point 0xa0040000', 'ram.ld', [4321, 0xa0040]),
  handwritten('segment-gaps', 'Segments with gaps, odd sizes and odd addresses', 'gaps.ld', [
    1 + 20 + 100 + 3000 + 4 + 8 + 50000,
  ]),
  {
    name: 'stock-exit',
    description: "ZisK's own start and exit: no ABI note, a0 at the exit call means nothing",
    build: { language: 'assembly', compiler: 'gcc', march: 'rv64imac_zicsr', start: [] },
    qemu: false,
    model: () => ({
      exitCode: 0,
      exitBound: false,
      outputs: Array.from({ length: 64 }, (_, i) => (i === 0 || i === 63 ? 1234567 : 0)),
    }),
  },
]
