import { EXIT_STATUS } from '@zisk/core'
import {
  type ExecuteOptions,
  type Execution,
  execute,
  outcomeError,
  type Profile,
  type Program,
  profile,
} from '@zisk/sdk'
import type { Command } from 'commander'
import type { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { checkOutputFile, writeUserFile } from '../files/write-file.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import {
  addExecutionOptions,
  chunkSizeFromOptions,
  type ExecutionOptions,
  threadsFromOptions,
} from '../options/run-options.ts'
import { outputBytes, signatureText } from '../report/outputs.ts'
import { profileToJson, renderProfile } from '../report/profile.ts'
import { errorToJson, renderError } from '../report/render-error.ts'
import { formatCount, formatSeconds, formatSpeed } from '../report/text.ts'

interface RunOptions extends CommonOptions, ElfOptions, InputOptions, ExecutionOptions {
  readonly output?: string
  readonly signature?: string
  readonly stats?: boolean
  readonly allowFailure?: boolean
  readonly quiet?: boolean
}

/** Rows of the hot lists of `--stats`. */
const STATS_ROWS = 10

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('Execute a program: its text goes to stdout, a summary to stderr.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk run program.elf --input-raw photo.png --output publics.bin\n' +
        '  zisk run program.elf --input args.json --stats --json',
    )
  addElfOptions(command)
  addInputOptions(command)
  addExecutionOptions(command)
    .option('-o, --output <file>', 'write the 64 public output words, 256 bytes')
    .option('--signature <file>', 'write the RISCOF signature: output word 0 counts the words that follow')
    .option('--stats', 'count operations, memory accesses and hot instructions')
    .option('--allow-failure', 'end with status 0 whatever exit code the guest ends with')
    .option('-q, --quiet', 'no summary on stderr')
  addCommonOptions(command).action((elf: string | undefined, options: RunOptions) => run(elf, options, context))
}

async function run(argument: string | undefined, options: RunOptions, context: CommandContext): Promise<void> {
  const { io } = context
  const path = elfPath(argument, options)
  const inputs = [path, options.input, options.inputRaw]
  const outputs = { '--output': options.output, '--signature': options.signature }
  for (const [option, output] of Object.entries(outputs)) checkOutputFile(option, output, inputs)
  const program = await loadProgramFromOptions(path, options)
  const threads = threadsFromOptions(options, io)
  const text: Uint8Array[] = []
  const runOptions: ExecuteOptions = {
    input: inputFromOptions(options, program, io, outputs),
    executor: options.executor,
    maxSteps: options.maxSteps,
    chunkSize: chunkSizeFromOptions(options, io),
    onText: (bytes) => {
      if (options.json) text.push(bytes)
      else io.stdout.write(bytes)
    },
  }
  // Not before the input is read: while standard input is awaited nobody would look at the signal.
  const { signal, release } = catchInterruption()
  const { profiled, execution } = await runOrProfile(program, { ...runOptions, signal }, options, threads).finally(
    release,
  )
  const { outcome } = execution
  if (outcome.kind === 'exited') {
    if (options.output !== undefined) writeUserFile(options.output, outputBytes(outcome.publics))
    if (options.signature !== undefined) writeUserFile(options.signature, signatureText(execution.machine))
  }
  const failure = outcome.kind === 'aborted' ? (outcome.reason as CliError) : outcomeError(execution)
  const accepted = failure === undefined || (failure.code === 'GUEST_EXIT' && options.allowFailure === true)
  if (!accepted) context.setExitStatus(EXIT_STATUS[failure.exitStatus])
  if (options.json) {
    const document = {
      ok: accepted,
      ...describeRun(path, execution, options),
      uart: Buffer.concat(text).toString('utf8'),
      ...(profiled === undefined ? {} : { stats: profileToJson(profiled, STATS_ROWS) }),
      ...(accepted ? {} : { error: errorToJson(failure) }),
    }
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  if (profiled !== undefined) io.stderr.write(renderProfile(profiled, STATS_ROWS))
  if (!options.quiet) io.stderr.write(summary(execution, options))
  if (!accepted) io.stderr.write(renderError(failure, options.debug === true))
}

async function runOrProfile(
  program: Program,
  runOptions: ExecuteOptions,
  { stats }: RunOptions,
  threads: number | undefined,
): Promise<{ readonly execution: Execution; readonly profiled: Profile | undefined }> {
  if (!stats) return { execution: await execute(program, runOptions), profiled: undefined }
  const profiled = await profile(program, { ...runOptions, threads })
  return { execution: profiled.execution, profiled }
}

const word = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

function describeRun(path: string, { program, outcome, seconds }: Execution, options: RunOptions): object {
  return {
    command: 'run',
    elf: path,
    executor: options.executor,
    memoryMap: program.rom.memoryMap.name,
    outcome: outcome.kind,
    exitBound: isExitBound(program),
    ...(outcome.kind === 'exited'
      ? { exitCode: outcome.exitWord.toString(), outputs: Array.from(outcome.publics, word) }
      : {}),
    steps: outcome.steps,
    seconds,
    stepsPerSecond: seconds === 0 ? null : Math.round(outcome.steps / seconds),
  }
}

const isExitBound = (program: Program): boolean => program.rom.exitMode === 'bound'

function summary({ program, outcome, seconds }: Execution, options: RunOptions): string {
  const speed = `${formatCount(outcome.steps)} steps in ${formatSeconds(seconds)} (${formatSpeed(outcome.steps, seconds)}, ${options.executor})`
  if (outcome.kind !== 'exited') return `${speed}\n`
  const exit = isExitBound(program) ? `exit code ${outcome.exitWord}` : 'exit code not bound (ZisK ABI)'
  const used = outcome.publics.findLastIndex((value) => value !== 0) + 1
  const outputs = used === 0 ? 'no outputs' : `outputs ${Array.from(outcome.publics.subarray(0, used), word).join(' ')}`
  return `${exit}, ${speed}\n${outputs}\n`
}
