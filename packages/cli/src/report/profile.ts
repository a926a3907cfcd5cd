/** Text and JSON of a run's counts. */

import { disassembleRom, hex, OPCODES } from '@zisk/core'
import { accessCounts, functionCounts, hotInstructions, operationCounts, type Profile } from '@zisk/sdk'
import { formatCount, formatShare, formatTable } from './text.ts'

/** JSON of the counts: operations by name, accesses by class, and the `limit` hottest functions and instructions. */
export function profileToJson(profile: Profile, limit: number): object {
  const { counts, execution } = profile
  const { instructions } = execution.program.rom
  return {
    steps: counts.steps,
    operations: Object.fromEntries(operationCounts(counts).map(({ name, count }) => [name, count])),
    accesses: accessCounts(counts),
    functions: functionCounts(profile).slice(0, limit),
    instructions: hotInstructions(profile, limit).map(({ row, location, count }) => ({
      ...location,
      pc: hex(instructions.columns.pc[row]!),
      instruction: disassembleRom(instructions.at(row)),
      count,
    })),
  }
}

const COST_BY_NAME = new Map(OPCODES.map(({ name, cost }) => [name, cost]))

/** Tables of the operation mix, memory accesses, and the `limit` hottest functions and instructions. */
export function renderProfile(profile: Profile, limit: number): string {
  const { counts, execution } = profile
  const { instructions } = execution.program.rom
  const share = (count: number): string => formatShare(count, counts.steps)
  const operations = operationCounts(counts).map(({ name, count }) => [
    '',
    name,
    formatCount(count),
    share(count),
    formatCount(count * (COST_BY_NAME.get(name) ?? 0)),
  ])
  const accesses = accessCounts(counts).map(({ region, direction, alignment, count }) => [
    '',
    `${region} ${direction}`,
    alignment,
    formatCount(count),
    share(count),
  ])
  const functions = functionCounts(profile)
    .slice(0, limit)
    .map(({ name, steps }) => ['', formatCount(steps), share(steps), name])
  const hot = hotInstructions(profile, limit).map(({ row, location, count }) => [
    '',
    formatCount(count),
    share(count),
    hex(instructions.columns.pc[row]!),
    disassembleRom(instructions.at(row)),
    location.symbol ?? '',
  ])
  return [
    `Operations (${formatCount(counts.steps)} steps; cost in cells of the operation's machine)\n`,
    formatTable(operations, 'llrrr'),
    '\nMemory accesses (share of steps)\n',
    formatTable(accesses, 'lllrr'),
    '\nFunctions by own steps\n',
    formatTable(functions, 'lrrl'),
    '\nMost executed instructions\n',
    formatTable(hot, 'lrrlll'),
  ].join('')
}
