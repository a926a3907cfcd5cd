import { EXECUTORS, type ExecuteOptions, execute, outcomeError, type Program } from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { countParser } from '../options/integer-options.ts'
import { formatCount, formatSeconds, formatTable } from '../report/text.ts'

interface BenchOptions extends CommonOptions, ElfOptions, InputOptions {
  readonly repeat: number
  readonly maxSteps: number
}

/** One way to execute, as a row of the result. */
interface Variant {
  readonly name: string
  readonly options: ExecuteOptions
}

const VARIANTS: readonly Variant[] = EXECUTORS.flatMap((executor) => [
  { name: executor, options: { executor } },
  { name: `${executor} + minimal trace`, options: { executor, onChunk: () => {}, lendsReads: true } },
])

const DEFAULT_STEPS = 1_000_000_000

export function addBenchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('bench')
    .description('Time the executors on a program: median of several runs in turn.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk bench program.elf --input args.json\n  zisk bench program.elf --repeat 9 --json',
    )
    .option('--repeat <count>', 'runs of each executor', countParser('--repeat', 1, 1000), 3)
    .option(
      '-n, --max-steps <count>',
      'steps of one run at most',
      countParser('--max-steps', 1, 2 ** 53 - 1),
      DEFAULT_STEPS,
    )
  addElfOptions(command)
  addInputOptions(command)
  addCommonOptions(command).action((elf: string | undefined, options: BenchOptions) => bench(elf, options, context.io))
}

async function bench(argument: string | undefined, options: BenchOptions, io: Io): Promise<void> {
  const path = elfPath(argument, options)
  const program = await loadProgramFromOptions(path, options)
  const input = inputFromOptions(options, program, io)
  const { signal, release } = catchInterruption()
  const { steps, seconds } = await timeVariants(
    program,
    { input, maxSteps: options.maxSteps, signal },
    options.repeat,
  ).finally(release)
  io.stdout.write(render(path, program, steps, seconds, options))
}

/** Steps of a run, and the seconds of every run of each variant. The variants take turns: noise meets all of them. */
async function timeVariants(
  program: Program,
  run: ExecuteOptions,
  repeat: number,
): Promise<{ readonly steps: number; readonly seconds: number[][] }> {
  const seconds = VARIANTS.map((): number[] => [])
  let steps = 0
  for (let round = 0; round < repeat; round++) {
    for (const [index, variant] of VARIANTS.entries()) {
      const execution = await execute(program, { ...variant.options, ...run })
      if (execution.outcome.kind === 'aborted') throw execution.outcome.reason
      const failure = outcomeError(execution)
      if (failure !== undefined && failure.code !== 'STEP_LIMIT' && failure.code !== 'GUEST_EXIT') throw failure
      steps = execution.outcome.steps
      seconds[index]!.push(execution.seconds)
    }
  }
  return { steps, seconds }
}

const median = (values: readonly number[]): number => [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)]!

function render(path: string, program: Program, steps: number, seconds: number[][], options: BenchOptions): string {
  const rows = VARIANTS.map(({ name }, index) => ({ name, seconds: median(seconds[index]!) }))
  if (options.json) {
    const results = rows.map((row) => ({ ...row, stepsPerSecond: Math.round(steps / row.seconds) }))
    const document = { ok: true, command: 'bench', elf: path, memoryMap: program.rom.memoryMap.name, steps, results }
    return `${JSON.stringify(document, null, 2)}\n`
  }
  const table = rows.map((row) => [row.name, formatSeconds(row.seconds), `${(steps / row.seconds / 1e6).toFixed(1)}`])
  return `${formatCount(steps)} steps, median of ${options.repeat}\n${formatTable([['', 'time', 'M steps/s'], ...table], 'lrr')}`
}
