/** Inputs that no file gives: the prover of a run chooses every word of the input region, lengths of records too. */
import { readFileSync } from 'node:fs'
import { createExecutor, decodeRom, MachineState, runMachine, Uart } from '@zisk/emulator'
import { buildWitness } from '@zisk/executor'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { expect } from 'vitest'
import { proveZisk, verdict, type ZiskMachine, ziskProgramKey } from '../forgery/zisk-machine.ts'

const RECORDS = 0x4000_0008n
const END = 0x7fff_fff8n

/** Lengths of a first record that reaches behind the end of the input, by where the next record would begin. */
export const HOSTILE_LENGTHS: readonly (readonly [next: string, length: bigint])[] = [
  ['behind the end', END - RECORDS - 7n],
  ['in RAM', 0xa002_0000n - RECORDS - 8n],
  ['at the free-input word', 2n ** 64n - 16n],
  ['where it begins itself', 2n ** 64n - 8n],
  ['at its data', 2n ** 64n - 1n],
]

/** An input of one record, which is framed to all that look through a view, and whose length is another. */
function recordOf(length: bigint): Uint8Array {
  const framed = BigUint64Array.of(24n, 1n, 2n, 3n).buffer
  class Hostile extends Uint8Array {
    override get buffer(): ArrayBuffer {
      return framed
    }
  }
  return new Hostile(BigUint64Array.of(length, 1n, 2n, 3n).buffer)
}

/** Runs a guest whose first record is said to be of this length, and gives its exit code and what it printed. */
export async function runOnRecordOf(elf: string, length: bigint): Promise<{ exitCode: number; text: string }> {
  const rom = transpile(readElf(new Uint8Array(readFileSync(elf))))
  const text: Uint8Array[] = []
  const input = new Uint8Array(BigUint64Array.of(length, 1n, 2n, 3n).buffer)
  const machine = new MachineState({ rom, input, uart: new Uart((bytes) => text.push(bytes)) })
  const decoded = decodeRom(rom.instructions)
  const outcome = await runMachine(machine, createExecutor('interpreter', machine, decoded), decoded)
  if (outcome.kind !== 'exited') throw new Error(`a run that exits expected, got ${outcome.kind}`)
  return { exitCode: Number(outcome.exitWord), text: Buffer.concat(text).toString() }
}

/**
 * Has a run proved whose first record is of a length with which the next would lie in RAM, in what the guest has written
 * itself: accepted as a failed run without outputs, and as nothing else.
 */
export async function expectPanicProved(machine: ZiskMachine, elf: string): Promise<void> {
  const rom = transpile(readElf(new Uint8Array(readFileSync(elf))))
  const programKey = await ziskProgramKey(machine, rom)
  const input = recordOf(HOSTILE_LENGTHS.find(([next]) => next === 'in RAM')![1])
  const { witness } = await buildWitness(machine.program, rom, { input })
  expect(witness.publics.slice(0, 66)).toEqual([...new Array<bigint>(64).fill(0n), 101n, 0n])
  const proof = await proveZisk(machine, programKey, witness)
  expect(verdict(machine, programKey, proof)).toBe('PROOF_RUN_FAILED')
  expect(verdict(machine, programKey, proof, { allowFailure: true })).toBe('ok')
  const well = await proveZisk(machine, programKey, { ...witness, publics: witness.publics.with(64, 0n) })
  expect(verdict(machine, programKey, well)).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
}
