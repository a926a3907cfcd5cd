/**
 * A guest that jumps into the BIOS. What a verifier takes for a completed run is a way through the ROM, from its first
 * instruction to its last, on which each output word and the exit code are published exactly once. So wherever a guest
 * jumps, either the run fails with a typed error in every command, or it publishes all words once and its proof says
 * what the emulator said.
 */
import { Emulator, type Outcome } from '@zisk/emulator'
import { buildWitness } from '@zisk/executor'
import { beforeAll, describe, expect, test } from 'vitest'
import { addi, jalr, loadAddress, sType } from '../differential/encode.ts'
import { tinyGuest } from './tiny-guest.ts'
import { proveZisk, setupZisk, verdict, type ZiskMachine, ziskProgramKey } from './zisk-machine.ts'

const [T0, T1, A0, A1, A2, A3, A7] = [5, 6, 10, 11, 12, 13, 17]
const OUTPUT = 0xa001_0000
const BIOS = 0x1110

/** A guest that writes 5 to its first output, sets some registers and jumps. */
const jumper = (target: number, registers: Readonly<Record<number, number>> = {}) =>
  tinyGuest([
    ...loadAddress(T1, OUTPUT),
    addi(T0, 0, 5),
    sType(0x23, 2, T1, T0, 0),
    ...Object.entries(registers).flatMap(([register, value]) => loadAddress(Number(register), value)),
    ...loadAddress(T0, target),
    jalr(0, T0, 0),
  ])

type Jump = readonly [what: string, target: number, registers: Readonly<Record<number, number>>]

const COMPLETE: readonly (readonly [...Jump, exitCode: bigint, output: number])[] = [
  ['the exit path, as by a return from the entry', BIOS + 0x14, { [A0]: 9 }, 9n, 5],
  ['the exit path behind the count of words, with that count', BIOS + 0x18, { [A0]: 9, [A1]: 32 }, 9n, 5],
  [
    'the loop, with registers as the exit path sets them',
    BIOS + 0x20,
    { [A0]: 3, [A1]: 32, [A2]: 0, [A3]: OUTPUT },
    3n,
    5,
  ],
  // It publishes other memory than the output words: an odd program, and its proof says what it published.
  ['the loop, over other memory', BIOS + 0x20, { [A0]: 3, [A1]: 32, [A2]: 0, [A3]: OUTPUT + 0x1000 }, 3n, 0],
  ['the trap handler with the number of exit', BIOS + 0x38, { [A0]: 4, [A7]: 93 }, 4n, 5],
]

const FAILING: readonly (readonly [...Jump, code: string])[] = [
  ['the end', 0x1004, {}, 'ended after 0 words'],
  ['the publication of the exit code', BIOS + 0x34, { [A0]: 0 }, 'ended after 1 words'],
  ['the loop, of which one round is left', BIOS + 0x20, { [A1]: 32, [A2]: 31, [A3]: OUTPUT }, 'ended after 2 words'],
  ['the loop, behind its end', BIOS + 0x20, { [A1]: 32, [A2]: 33, [A3]: OUTPUT }, 'INVALID_PUBLICATION'],
  ['the loop, for the exit code too', BIOS + 0x20, { [A1]: 33, [A2]: 0, [A3]: OUTPUT }, 'INVALID_PUBLICATION'],
  [
    'a publication with an index of its own',
    BIOS + 0x28,
    { [A1]: 32, [A2]: 2 ** 31, [A3]: OUTPUT },
    'INVALID_PUBLICATION',
  ],
  ['the trap handler with another number', BIOS + 0x38, { [A7]: 94 }, 'UNSUPPORTED_ECALL'],
  ['the reserved area', 0x1008, {}, 'NO_INSTRUCTION'],
  ['before the BIOS', 0xffc, {}, 'NO_INSTRUCTION'],
  ['the middle of an instruction of the BIOS', BIOS + 0x16, {}, 'NO_INSTRUCTION'],
  ['the start, for ever', 0x1000, {}, 'stepLimit'],
]

async function outcomeOf(rom: ReturnType<typeof jumper>, executor: 'interpreter' | 'jit'): Promise<Outcome> {
  const emulator = new Emulator({ executor })
  emulator.loadRom(rom)
  return (await emulator.execute({ maxSteps: 10_000 })).outcome
}

function nameOf(outcome: Outcome): string {
  if (outcome.kind === 'fault') return outcome.fault.code
  return outcome.kind === 'exited' ? `ended after ${outcome.publishedWords} words` : outcome.kind
}

let machine: ZiskMachine

beforeAll(async () => {
  machine = await setupZisk()
})

describe('a run that publishes all words once', () => {
  test.each(COMPLETE)('%s', async (_, target, registers, exitCode, output) => {
    const rom = jumper(target, registers)
    for (const executor of ['interpreter', 'jit'] as const) {
      const outcome = await outcomeOf(rom, executor)
      expect(nameOf(outcome)).toBe('ended after 33 words')
      expect(outcome).toMatchObject({ exitWord: exitCode })
    }
    const { witness } = await buildWitness(machine.program, rom)
    const programKey = await ziskProgramKey(machine, rom)
    expect([witness.publics[0], witness.publics[64]]).toEqual([BigInt(output), exitCode])
    const proof = await proveZisk(machine, programKey, witness)
    expect(verdict(machine, programKey, proof)).toBe('PROOF_RUN_FAILED')
    expect(verdict(machine, programKey, proof, { allowFailure: true })).toBe('ok')
    const silent = await proveZisk(machine, programKey, { ...witness, publics: witness.publics.with(64, 0n) })
    expect(verdict(machine, programKey, silent)).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
  })
})

describe('a run that does not', () => {
  test.each(FAILING)('%s', async (_, target, registers, code) => {
    const rom = jumper(target, registers)
    for (const executor of ['interpreter', 'jit'] as const) expect(nameOf(await outcomeOf(rom, executor))).toBe(code)
    await expect(buildWitness(machine.program, rom, { maxSteps: 10_000 })).rejects.toMatchObject({
      code: 'RUN_NOT_EXITED',
    })
  })
})
