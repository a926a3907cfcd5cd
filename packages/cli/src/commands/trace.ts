import { disassembleRom, EXIT_STATUS, hex } from '@zisk/core'
import {
  type ExecutedStep,
  type Execution,
  formatLocation,
  type GuestError,
  locate,
  outcomeError,
  type Program,
  profile,
  traceSteps,
} from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { countParser } from '../options/integer-options.ts'
import {
  addExecutionOptions,
  chunkSizeFromOptions,
  type ExecutionOptions,
  threadsFromOptions,
} from '../options/run-options.ts'
import { toJson } from '../report/json.ts'
import { profileToJson, renderProfile } from '../report/profile.ts'
import { errorToJson, renderError } from '../report/render-error.ts'

interface TraceOptions extends CommonOptions, ElfOptions, InputOptions, ExecutionOptions {
  readonly analyze?: boolean
  readonly top: number
  readonly from: number
  readonly count: number
}

const DEFAULT_LISTED = 1000
const DEFAULT_TOP = 25

export function addTraceCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('trace')
    .description('List executed instructions, or with --analyze the operation mix and the hot functions.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk trace program.elf --from 1000 --count 50\n  zisk trace program.elf --analyze --input args.json',
    )
    .option('--analyze', 'count operations, memory accesses, functions and instructions of the whole run')
    .option('--top <rows>', 'rows of the hot lists', countParser('--top', 1, 10_000), DEFAULT_TOP)
    .option('--from <step>', 'first step listed', countParser('--from', 0, Number.MAX_SAFE_INTEGER), 0)
    .option('--count <steps>', 'steps listed', countParser('--count', 1, Number.MAX_SAFE_INTEGER), DEFAULT_LISTED)
  addElfOptions(command)
  addInputOptions(command)
  addExecutionOptions(command)
  addCommonOptions(command).action(async (elf: string | undefined, options: TraceOptions) => {
    const program = await loadProgramFromOptions(elfPath(elf, options), options)
    return (options.analyze ? analyze : list)(program, options, context)
  })
}

async function analyze(program: Program, options: TraceOptions, context: CommandContext): Promise<void> {
  const { io } = context
  const input = inputFromOptions(options, program, io)
  const { signal, release } = catchInterruption()
  const result = await profile(program, {
    input,
    signal,
    executor: options.executor,
    maxSteps: options.maxSteps,
    chunkSize: chunkSizeFromOptions(options, io),
    threads: threadsFromOptions(options, io),
  }).finally(release)
  throwIfAborted(result.execution)
  const failure = outcomeError(result.execution)
  if (!options.json) io.stdout.write(renderProfile(result, options.top))
  report(failure, profileToJson(result, options.top), options, context)
}

async function list(program: Program, options: TraceOptions, context: CommandContext): Promise<void> {
  const { io } = context
  const steps: object[] = []
  const onStep = (step: ExecutedStep): void => {
    if (options.json) steps.push(stepToJson(program, step))
    else io.stdout.write(stepText(program, step))
  }
  const limit = Math.min(options.maxSteps, options.from + options.count)
  const input = inputFromOptions(options, program, io)
  const { signal, release } = catchInterruption()
  const execution = await traceSteps(program, {
    input,
    signal,
    executor: options.executor,
    maxSteps: limit,
    chunkSize: chunkSizeFromOptions(options, io),
    from: options.from,
    onStep,
  }).finally(release)
  throwIfAborted(execution)
  const failure = outcomeError(execution)
  // The end of the list is not the end of the run.
  const isCut = failure?.code === 'STEP_LIMIT' && limit < options.maxSteps
  report(isCut ? undefined : failure, { steps }, options, context)
}

/** Prints the document of --json, and how the run failed if it did: what was seen of it is worth a look all the same. */
function report(
  failure: GuestError | undefined,
  seen: object,
  { json, debug }: TraceOptions,
  { io, setExitStatus }: CommandContext,
): void {
  if (failure !== undefined) setExitStatus(EXIT_STATUS[failure.exitStatus])
  if (json) {
    const error = failure === undefined ? {} : { error: errorToJson(failure) }
    io.stdout.write(toJson({ ok: failure === undefined, command: 'trace', ...seen, ...error }))
  } else if (failure !== undefined) io.stderr.write(renderError(failure, debug === true))
}

/** Half a list is no result: who interrupts gets an error alone. */
function throwIfAborted({ outcome }: Execution): void {
  if (outcome.kind === 'aborted') throw outcome.reason
}

function stepToJson({ rom }: Program, { step, row, a, b, c, flag }: ExecutedStep): object {
  const inst = rom.instructions.at(row)
  return { step, pc: hex(inst.pc), instruction: disassembleRom(inst), a: hex(a), b: hex(b), c: hex(c), flag }
}

function stepText(program: Program, { step, row, a, b, c, flag }: ExecutedStep): string {
  const inst = program.rom.instructions.at(row)
  const place = formatLocation(locate(program, inst.pc)).padEnd(32)
  const values = `a=${hex(a)} b=${hex(b)} c=${hex(c)}${flag ? ' flag' : ''}`
  return `${String(step).padStart(8)}  ${place}  ${disassembleRom(inst).padEnd(44)}  ${values}\n`
}
