import { type AirInstance, completeWitness, type Pilout } from '@zisk/air'
import { ADDRESS, type ZiskRom } from '@zisk/core'
import { decodeRom, replayChunk, type TraceChunk } from '@zisk/emulator'
import { MainComponent } from '@zisk/sm-main'
import { inputDataInstances, memInstances, romDataInstances } from '@zisk/sm-mem'
import { RomComponent, romTable } from '@zisk/sm-rom'
import { MemoryInputsGenerator } from '@zisk/witness'
import type { RunWitness } from '../build-witness.ts'
import { executeRun } from '../execute-run.ts'
import type { PlanRunOptions as WitnessOptions } from '../plan-run.ts'
import { alignmentInstances } from './alignment-machines.ts'
import { OperationMachines } from './operation-machines.ts'

/**
 * The reference twin of {@link buildWitness}: executes a program, collects everything that it does, and only then fills
 * the instances, in one thread. Memory accesses are sorted; segments of Main see the run from its beginning.
 */
export async function referenceWitness(
  program: Pilout,
  rom: ZiskRom,
  options: WitnessOptions = {},
): Promise<RunWitness> {
  const chunks: TraceChunk[] = []
  const publics = await executeRun(rom, options, (chunk) => {
    chunks.push(chunk)
  })
  const steps = chunks.reduce((sum, chunk) => sum + chunk.steps, 0)
  const table = romTable(rom)
  const memory = new MemoryInputsGenerator(rom, { ram: true, romData: true, input: true, alignment: true })
  for (const { address, words } of table.writableLines) {
    for (const [k, value] of words.entries())
      memory.ram.push(address / 8 + k, 0, true, Number(value & 0xffff_ffffn), Number(value >> 32n))
  }
  const operations = new OperationMachines(program, rom)
  const component = new MainComponent({
    program,
    rom,
    maxLogRows: options.maxLogRows?.main,
    maxGapRows: options.maxGapRows,
  })
  const planner = component.buildPlanner()
  planner.add({ firstStep: 0, steps }, {})
  const planned = planner.plan()
  component.configureInstances(planned.config)
  const main = planned.plans.map((plan) => component.buildInstance({ plan }))
  const collectors = main.map((instance) => instance.buildInputsCollector(chunks[0]!.start))
  const executions = new Float64Array(rom.instructions.length)
  const decoded = decodeRom(rom.instructions)
  for (const chunk of chunks) {
    replayChunk(decoded, chunk, (batch) => {
      for (const collector of collectors) collector.process(batch)
      memory.append(batch)
      operations.process(batch)
      for (let i = 0; i < batch.length; i++) executions[batch.row[i]!]!++
    })
  }
  const { ram, input } = rom.memoryMap
  const maxLogRows = options.maxLogRows?.mem
  const mem = memInstances(program, memory.ram, { region: ram.start, maxLogRows })
  const romData = romDataInstances(program, memory.romData, table.readOnlyLines, { maxLogRows })
  const inputData = inputDataInstances(program, memory.input, { firstWord: input.start / 8, maxLogRows })
  executions[rom.instructions.rowOf(ADDRESS.romExit)]! += component.rowsOf(steps) - steps
  const instances = [
    ...main.map((instance) => instance.computeWitness()),
    romInstance(program, rom, executions, romData.usedLines),
    ...mem,
    ...romData.instances,
    ...inputData,
    ...alignmentInstances(program, memory.alignment, options.maxLogRows?.operations),
    ...operations.instances(options.maxLogRows?.operations, options.minOwnRows),
  ]
  const uses = { enable_ram: mem, enable_rom_data: romData.instances, enable_input: inputData }
  const proofValues = program.proofValues.map(({ name }) => (uses[name as keyof typeof uses].length > 0 ? 1n : 0n))
  return { steps, witness: completeWitness(program, { instances, publics, proofValues }) }
}

/** Rom, whose use is known from all else. */
function romInstance(program: Pilout, rom: ZiskRom, executions: Float64Array, used: ReadonlySet<number>): AirInstance {
  const table = romTable(rom)
  const component = new RomComponent({ program, rom, table, mainRows: (steps) => steps })
  component.configureInstances({
    executions,
    lines: Uint8Array.from(table.readOnlyLines, (_, i) => (used.has(i) ? 1 : 0)),
  })
  const [plan] = component.buildPlanner().plan().plans
  return component.buildInstance({ plan: plan! }).computeWitness()
}
