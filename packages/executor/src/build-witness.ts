import { completeWitness, type Pilout, type ProgramWitness } from '@zisk/air'
import { romParameters, type ZiskRom } from '@zisk/core'
import { decodeRom, Emulator, type InputFraming, replayChunk, type TraceChunk } from '@zisk/emulator'
import { MainTrace } from '@zisk/sm-main'
import { inputDataInstances, MemoryCollector, memInstances, romDataInstances } from '@zisk/sm-mem'
import { romInstance, romTable } from '@zisk/sm-rom'
import { alignmentInstances } from './alignment-machines.ts'
import { ExecutorError } from './executor-error.ts'
import { OperationMachines } from './operation-machines.ts'

/** How to run and to cut a run into instances. */
export interface WitnessOptions {
  /** Input bytes, none when absent. */
  readonly input?: Uint8Array | undefined
  /** How the input is framed; what the ROM's memory map says when absent. */
  readonly framing?: InputFraming | undefined
  /** Steps after which the run is given up; the emulator's limit when absent. */
  readonly maxSteps?: number | undefined
  /** Steps per chunk of the minimal trace. */
  readonly chunkSize?: number | undefined
  /** log2 of the largest height of an instance, by AIR; what the AIR allows when absent. */
  readonly maxLogRows?: { readonly main?: number; readonly mem?: number; readonly operations?: number } | undefined
}

/** A run, ready to be checked or proved. */
export interface RunWitness {
  readonly steps: number
  readonly witness: ProgramWitness
}

/**
 * Executes a program and fills the instances of all AIRs.
 *
 * @param program the compiled `pil/zisk.pil`
 * @throws {ExecutorError} RUN_NOT_EXITED when the run does not end at the exit instruction
 */
export async function buildWitness(program: Pilout, rom: ZiskRom, options: WitnessOptions = {}): Promise<RunWitness> {
  const { chunks, publics } = await execute(rom, options)
  const last = chunks.at(-1)
  const steps = last === undefined ? 0 : last.firstStep + last.steps
  const table = romTable(rom)
  const main = new MainTrace(program, rom, steps, { maxLogRows: options.maxLogRows?.main })
  const memory = new MemoryCollector(rom, table.writableLines)
  const operations = new OperationMachines(program, rom)
  const decoded = decodeRom(rom.instructions)
  for (const chunk of chunks) {
    replayChunk(decoded, chunk, (batch) => {
      main.process(batch)
      memory.process(batch)
      operations.process(batch)
    })
  }
  const mainInstances = main.finish()
  const { ram, input } = rom.memoryMap
  const maxLogRows = options.maxLogRows?.mem
  const mem = memInstances(program, memory.ram, { region: ram.start, maxLogRows })
  const romData = romDataInstances(program, memory.romData, table.readOnlyLines, { maxLogRows })
  const inputData = inputDataInstances(program, memory.input, { firstWord: input.start / 8, maxLogRows })
  const romRows = romInstance(program, table, main.executions, (line) => romData.usedLines.has(line))
  const instances = [
    ...mainInstances,
    romRows,
    ...mem,
    ...romData.instances,
    ...inputData,
    ...alignmentInstances(program, memory.alignment, options.maxLogRows?.operations),
    ...operations.instances(options.maxLogRows?.operations),
  ]
  const uses = { enable_ram: mem, enable_rom_data: romData.instances, enable_input: inputData }
  const proofValues = program.proofValues.map(({ name }) => (uses[name as keyof typeof uses].length > 0 ? 1n : 0n))
  return { steps, witness: completeWitness(program, { instances, publics, proofValues }) }
}

/** Runs the program and keeps its minimal trace. */
async function execute(
  rom: ZiskRom,
  options: WitnessOptions,
): Promise<{ readonly chunks: readonly TraceChunk[]; readonly publics: readonly bigint[] }> {
  const emulator = new Emulator()
  emulator.loadRom(rom)
  const chunks: TraceChunk[] = []
  const { outcome } = await emulator.execute({
    input: options.input,
    framing: options.framing,
    maxSteps: options.maxSteps,
    chunkSize: options.chunkSize,
    onChunk: (chunk) => {
      chunks.push(chunk)
    },
  })
  if (outcome.kind !== 'exited') {
    throw new ExecutorError({
      code: 'RUN_NOT_EXITED',
      message: `a run to prove expected to exit, got ${outcome.kind} after ${outcome.steps} steps`,
      remedy: 'Only runs that end by themselves have a proof.',
      ...(outcome.kind === 'fault' ? { cause: outcome.fault } : {}),
    })
  }
  const { exitWord } = outcome
  const { memoryMap, exitMode } = romParameters(rom)
  const publics = [
    ...[...outcome.publics].map(BigInt),
    exitWord & 0xffff_ffffn,
    exitWord >> 32n,
    BigInt(memoryMap),
    BigInt(exitMode),
  ]
  return { chunks, publics }
}
