import { fileURLToPath } from 'node:url'
import { type AirInstance, completeWitness, type Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { P } from '@zisk/field'
import { compilePilOrThrow } from '@zisk/pilc'
import { type AlignmentInputs, InstanceWriter, instanceHeight } from '@zisk/witness'
import { fillInstances, type RunWitness, type WitnessOptions } from '../build-witness.ts'

const folder = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

/** Include path of the machine's PIL sources. */
const INCLUDE = [
  'pil',
  'pil/std',
  ...['main', 'rom', 'mem', 'binary', 'arith'].map((name) => `packages/state-machines/${name}/pil`),
].map(folder)

/** The machine with an oracle in the place of the alignment machines. */
export function compileWithOracle(): Pilout {
  return compilePilOrThrow({ file: fileURLToPath(new URL('oracle.pil', import.meta.url)), include: INCLUDE })
}

/** The witness of a run, completed by the oracle. */
export async function witnessWithOracle(
  program: Pilout,
  rom: ZiskRom,
  options: WitnessOptions = {},
): Promise<RunWitness> {
  const run = await fillInstances(program, rom, options)
  const instances = [...run.witness.instances, ...memoryOracle(program, run.alignment)]
  return { ...run, witness: completeWitness(program, { ...run.witness, instances }) }
}

/** Proves the access that Main asks for and asks for the words that it stands for. */
function memoryOracle(program: Pilout, accesses: AlignmentInputs): readonly AirInstance[] {
  if (accesses.length === 0) return []
  const tuples: (readonly [sign: bigint, op: bigint, address: number, step: number, bytes: number, value: bigint])[] =
    []
  for (let i = 0; i < accesses.length; i++) {
    const [address, width, memStep] = [accesses.address[i]!, accesses.width[i]!, accesses.memStep[i]!]
    const isWrite = accesses.isWrite[i] === 1
    const value = accesses.value[i]!
    tuples.push([1n, isWrite ? 2n : 1n, address, memStep, width, value])
    const offset = address % 8
    const bits = 8n * BigInt(offset)
    const mask = ((1n << BigInt(8 * width)) - 1n) << bits
    const before = accesses.word0[i]! | (accesses.word1[i]! << 64n)
    const after = (before & ~mask) | ((value << bits) & mask)
    for (let k = 0; k < (offset + width > 8 ? 2 : 1); k++) {
      const word = (from: bigint): bigint => BigInt.asUintN(64, from >> BigInt(64 * k))
      tuples.push([P - 1n, 1n, address - offset + 8 * k, memStep, 8, word(before)])
      if (isWrite) tuples.push([P - 1n, 2n, address - offset + 8 * k, memStep + 1, 8, word(after)])
    }
  }
  const writer = oracle(program, 'MemoryOracle', tuples.length)
  for (const [i, [sign, op, address, step, bytes, value]] of tuples.entries()) {
    writer.column('sign')[i] = sign
    writer.column('mem_op')[i] = op
    writer.column('address')[i] = BigInt(address)
    writer.column('mem_step')[i] = BigInt(step)
    writer.column('bytes')[i] = BigInt(bytes)
    writer.column('value[0]')[i] = value & 0xffff_ffffn
    writer.column('value[1]')[i] = value >> 32n
  }
  return [writer.instance]
}

function oracle(program: Pilout, air: string, count: number): InstanceWriter {
  return new InstanceWriter(program, { air, rows: instanceHeight(count) })
}
