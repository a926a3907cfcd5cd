import { fileURLToPath } from 'node:url'
import {
  type AirInstance,
  type CheckReport,
  completeWitness,
  createChecker,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'
import { InstanceWriter, WordAccesses } from '@zisk/witness'

const ROOT = new URL('../../../../../', import.meta.url)

/** The memory machines with accesses from witness columns. */
export const program: Pilout = compilePilOrThrow({
  file: fileURLToPath(new URL('memory.pil', import.meta.url)),
  include: ['pil', 'pil/std', 'packages/state-machines/mem/pil'].map((path) => fileURLToPath(new URL(path, ROOT))),
})
const checker = createChecker(program)

/** An access: word address, mem_step, `r` or `w`, value of at most 64 bits. */
export type Access = readonly [word: number, memStep: number, kind: 'r' | 'w', value: bigint]

/** Accesses as the machines get them; whether they are true is not checked. */
export function accessesOf(list: readonly Access[]): WordAccesses {
  const accesses = new WordAccesses()
  for (const [word, memStep, kind, value] of list)
    accesses.push(word, memStep, kind === 'w', Number(value & 0xffff_ffffn), Number(value >> 32n))
  return accesses
}

/** The machine that asks for the given accesses; `init` ones are definitions of read-only words. */
export function askFor(
  list: readonly Access[],
  init: readonly (readonly [word: number, value: bigint])[] = [],
): AirInstance {
  const writer = new InstanceWriter(program, { air: 'Accesses', rows: 2 ** 10 })
  const put = (row: number, op: bigint, word: number, memStep: number, value: bigint): void => {
    writer.column('sel')[row] = 1n
    writer.column('mem_op')[row] = op
    writer.column('address')[row] = BigInt(8 * word)
    writer.column('mem_step')[row] = BigInt(memStep)
    writer.column('value[0]')[row] = value & 0xffff_ffffn
    writer.column('value[1]')[row] = value >> 32n
  }
  for (const [row, [word, memStep, kind, value]] of list.entries())
    put(row, kind === 'w' ? 2n : 1n, word, memStep, value)
  for (const [i, [word, value]] of init.entries()) put(list.length + i, 4n, word, 0, value)
  return writer.instance
}

/** Completes the tables. */
export function memoryWitness(
  instances: readonly AirInstance[],
  enabled?: readonly [bigint, bigint, bigint],
): ProgramWitness {
  const names = instances.map(({ air }) => program.airGroups[0]!.airs[air]!.name)
  const proofValues = enabled ?? ['Mem', 'RomData', 'InputData'].map((name) => (names.includes(name) ? 1n : 0n))
  return completeWitness(program, { instances, publics: [], proofValues })
}

/** Completes the tables and checks. */
export function checkMemory(
  instances: readonly AirInstance[],
  enabled?: readonly [bigint, bigint, bigint],
): CheckReport {
  const witness = memoryWitness(instances, enabled)
  return checker.check(witness, { sums: false, stage2: false, maxFailures: 10_000 })
}

/** Labels of the constraints and names of the buses that fail, each once. */
export function reasons(report: CheckReport): readonly string[] {
  const texts = report.failures.map((failure) =>
    failure.kind === 'bus' ? `bus ${failure.bus}` : failure.kind === 'sum' ? 'sum' : failure.label,
  )
  return [...new Set(texts)]
}
