import { readElf, transpile } from '@zisk/riscv2zisk'
import { expect, test } from 'vitest'
import { memoryProgram } from '../differential/memory-program.ts'
import { createRandom } from '../differential/random.ts'
import { compileZisk } from '../forgery/zisk-machine.ts'
import { RunChecker } from './check-run.ts'

/** Other seeds: `ZISK_WITNESS_SEED=1000 ZISK_WITNESS_PROGRAMS=500 ZISK_WITNESS_ROUNDS=2000 vitest run ...`. */
const FIRST_SEED = Number(process.env['ZISK_WITNESS_SEED'] ?? 1)
const PROGRAMS = Number(process.env['ZISK_WITNESS_PROGRAMS'] ?? 3)
const ROUNDS = Number(process.env['ZISK_WITNESS_ROUNDS'] ?? 30)

const checker = new RunChecker(compileZisk())

test.each(Array.from({ length: PROGRAMS }, (_, index) => FIRST_SEED + index))(
  'the random accesses of seed %i hold, in instances and chunks of any size',
  async (seed) => {
    const random = createRandom(seed)
    const memoryMap = seed % 2 === 0 ? 'v0.12' : 'v0.18'
    const { elf, record } = memoryProgram(seed, ROUNDS, memoryMap)
    const rom = transpile(readElf(elf), { memoryMap })
    const height = (): number => 10 + random.below(4)
    const limits = {
      chunkSize: 2 ** random.pick([10, 11, 12, 18]),
      maxLogRows: { main: height(), mem: height(), operations: height() },
      minOwnRows: random.pick([1, 1000, 2 ** 14]),
    }
    const run = await checker.check(rom, { input: record, framing: 'raw', ...limits })
    expect(run.report).toContain('all hold')
  },
)
