import { readElf, transpile } from '@zisk/riscv2zisk'
import { expect, test } from 'vitest'
import { randomProgram } from '../differential/random-program.ts'
import { compileZisk } from '../forgery/zisk-machine.ts'
import { RunChecker } from './check-run.ts'

/** Other seeds: `ZISK_WITNESS_SEED=1000 ZISK_WITNESS_PROGRAMS=500 vitest run ...`. */
const FIRST_SEED = Number(process.env['ZISK_WITNESS_SEED'] ?? 1)
const PROGRAMS = Number(process.env['ZISK_WITNESS_PROGRAMS'] ?? 5)
const PIECES = 300

const checker = new RunChecker(compileZisk())

test.each(Array.from({ length: PROGRAMS }, (_, index) => FIRST_SEED + index))(
  'the random program of seed %i holds, in one instance per AIR and in many',
  async (seed) => {
    const rom = transpile(readElf(randomProgram(seed, PIECES).elf))
    const one = await checker.check(rom)
    expect(one.report).toContain('all hold')
    const many = await checker.check(rom, { chunkSize: 1024, maxLogRows: { main: 10, mem: 10, operations: 10 } })
    expect(many.report).toContain('all hold')
    expect(many.rowsOf('Main').instances).toBe(Math.ceil(many.steps / 1024))
  },
)
