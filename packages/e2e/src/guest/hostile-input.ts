/** Inputs that no file gives: the prover of a run chooses every word of the input region, lengths of records too. */
import { readFileSync } from 'node:fs'
import { createExecutor, decodeRom, MachineState, runMachine, Uart } from '@zisk/emulator'
import { readElf, transpile } from '@zisk/riscv2zisk'

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
