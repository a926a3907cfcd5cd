/** Self-checking assembly, one instruction group each. */
import { aluTest } from './asm/alu.ts'
import type { AssemblyTest } from './asm/harness.ts'
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
]
