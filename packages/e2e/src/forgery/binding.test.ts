/** What a proof says beside its trace: parameters of the program, exit code, outputs, use of regions. */
import type { ProgramWitness } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { buildWitness } from '@zisk/executor'
import {
  decodeVerifyingKey,
  encodeVerifyingKey,
  type ProgramKey,
  prepareVerifyingKey,
  programDigest,
  verify,
  verifyZisk,
} from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { addi } from '../differential/encode.ts'
import { tinyGuest } from './tiny-guest.ts'
import { proveZisk, setupZisk, verdict, type ZiskMachine, ziskProgramKey } from './zisk-machine.ts'

const A0 = 10
const PUBLIC = { output0: 0, exitCodeLow: 64, exitCodeHigh: 65, oldMemoryMap: 66, exitMode: 67 } as const
const PROOF_VALUE = { enableRam: 0, enableRomData: 1, enableInput: 2 } as const

interface Guest {
  readonly rom: ZiskRom
  readonly programKey: ProgramKey
  readonly witness: ProgramWitness
}

let machine: ZiskMachine
let succeeds: Guest
let fails: Guest
let unbound: Guest

async function guest(rom: ZiskRom): Promise<Guest> {
  const { witness } = await buildWitness(machine.program, rom)
  return { rom, programKey: await ziskProgramKey(machine, rom), witness }
}

beforeAll(async () => {
  machine = await setupZisk()
  succeeds = await guest(tinyGuest([addi(A0, 0, 0)]))
  fails = await guest(tinyGuest([addi(A0, 0, 7)]))
  unbound = await guest(tinyGuest([addi(A0, 0, 7)], { exitMode: 'unbound' }))
})

/** The verdict over a proof of a witness in which one public value is another. */
async function withPublic({ programKey, witness }: Guest, index: number, value: bigint): Promise<string> {
  const proof = await proveZisk(machine, programKey, { ...witness, publics: witness.publics.with(index, value) })
  return verdict(machine, programKey, proof, { allowFailure: true })
}

describe('parameters of the program', () => {
  test('the memory map is the one of the program, whether the run reads input or not', async () => {
    expect(succeeds.witness.proofValues[PROOF_VALUE.enableInput]).toBe(0n)
    expect(await withPublic(succeeds, PUBLIC.oldMemoryMap, 0n)).toBe('ok')
    expect(await withPublic(succeeds, PUBLIC.oldMemoryMap, 1n)).toBe('PROOF_PROGRAM_MISMATCH')
    const old = await guest(tinyGuest([addi(A0, 0, 0)], { memoryMap: 'v0.12' }))
    expect(await withPublic(old, PUBLIC.oldMemoryMap, 1n)).toBe('ok')
    expect(await withPublic(old, PUBLIC.oldMemoryMap, 0n)).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('the exit mode is the one of the program', async () => {
    expect(await withPublic(fails, PUBLIC.exitMode, 0n)).toBe('PROOF_PROGRAM_MISMATCH')
    expect(await withPublic(unbound, PUBLIC.exitMode, 1n)).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('a key with another map or mode is another program', async () => {
    const { programKey, witness } = succeeds
    const proof = await proveZisk(
      machine,
      { ...programKey, memoryMap: 1 },
      { ...witness, publics: witness.publics.with(66, 1n) },
    )
    expect(verdict(machine, programKey, proof)).toBe('PROOF_PROGRAM_MISMATCH')
    const mode = await proveZisk(
      machine,
      { ...programKey, exitMode: 0 },
      { ...witness, publics: witness.publics.with(67, 0n) },
    )
    expect(verdict(machine, programKey, mode)).toBe('PROOF_PROGRAM_MISMATCH')
  })

  test('without the rule the forgery would pass', async () => {
    const { verifyingKey } = machine.key
    const weak = encodeVerifyingKey({ ...decodeVerifyingKey(verifyingKey), programValues: [] })
    const key = { ...machine.key, verifyingKey: weak, prepared: prepareVerifyingKey(weak) }
    const { programKey, witness } = succeeds
    const forged = { ...witness, publics: witness.publics.with(PUBLIC.oldMemoryMap, 1n) }
    const proof = await proveZisk({ ...machine, key }, programKey, forged)
    const demands = { programDigest: programDigest(programKey), acceptInsecure: true }
    expect(verify(proof, key.prepared, demands).ok).toBe(true)
    // So the verifier of ZisK runs refuses a key that lacks it.
    expect(verdict({ ...machine, key }, programKey, proof)).toBe('VERIFYING_KEY_INVALID')
  })
})

describe('exit code', () => {
  const demand = ({ programKey }: Guest, options: object) => ({
    programDigest: programDigest(programKey),
    acceptInsecure: true,
    ...options,
  })

  test('a run that fails is refused unless failure is allowed, and its code is told', async () => {
    const proof = await proveZisk(machine, fails.programKey, fails.witness)
    expect(verdict(machine, fails.programKey, proof)).toBe('PROOF_RUN_FAILED')
    const result = verifyZisk(proof, machine.key.prepared, demand(fails, { allowFailure: true }))
    expect(result).toMatchObject({ ok: true, statement: { exitCode: 7n } })
  })

  test('a program that does not bind it has none', async () => {
    const proof = await proveZisk(machine, unbound.programKey, unbound.witness)
    const result = verifyZisk(proof, machine.key.prepared, demand(unbound, {}))
    expect(result).toMatchObject({ ok: true, statement: { exitCode: undefined } })
    expect(await withPublic(unbound, PUBLIC.exitCodeLow, 1n)).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
  })

  test.each(Object.values(PUBLIC).slice(0, 3))('another public %i is refused', async (index) => {
    const value = fails.witness.publics[index]!
    expect(await withPublic(fails, index, value + 1n)).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
  })
})

describe('regions that a run uses', () => {
  test.each(Object.entries(PROOF_VALUE))('%s is 1 exactly when it does', async (_, index) => {
    const { programKey, witness } = succeeds
    for (const value of [1n - witness.proofValues[index]!, 2n]) {
      const forged = { ...witness, proofValues: witness.proofValues.with(index, value) }
      const proof = await proveZisk(machine, programKey, forged)
      expect(verdict(machine, programKey, proof)).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
    }
  })
})
