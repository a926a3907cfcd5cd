import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defaultHome, type ProvenRun, prove } from '@zisk/sdk'
import type { ProfileName } from '@zisk/verifier'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { assertWritable, writeUserFile } from '../files/write-file.ts'
import { catchInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { byteCountParser, choiceParser, countParser } from '../options/integer-options.ts'
import { addRunOptions, chunkSizeFromOptions, type RunOptions, threadsFromOptions } from '../options/run-options.ts'
import { toJson } from '../report/json.ts'
import { openProgressLine, PHASE_NAMES } from '../report/progress-line.ts'
import { renderStatement, statementToJson } from '../report/statement.ts'
import { formatBytes, formatCount, formatSeconds, formatTable } from '../report/text.ts'

interface ProveOptions extends CommonOptions, ElfOptions, InputOptions, RunOptions {
  readonly output: string
  readonly profile: ProfileName
  readonly allowFailure?: boolean
  readonly verify: boolean
  readonly quiet?: boolean
  readonly jsonEvents?: boolean
  readonly shardCells?: number
  readonly maxMemory?: number
}

/** Fixed columns and the code alone take more than a smaller limit. */
const MIN_MEMORY = 2 ** 28

const PROFILE_NAMES: readonly ProfileName[] = ['std128', 'balanced128', 'small128', 'paranoid128', 'test']

export function addProveCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('prove')
    .description('Run a program and prove the run: the proof goes to a file, a summary to stderr.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk prove program.elf --input-raw photo.png -o photo.proof\n' +
        '  zisk prove --elf program.elf --input args.json --profile small128 --json',
    )
  addElfOptions(command)
  addInputOptions(command)
  addRunOptions(command)
    .option('-o, --output <file>', 'proof file', 'proof.bin')
    .option(
      '--profile <name>',
      `${PROFILE_NAMES.join(', ')} (insecure)`,
      choiceParser('--profile', PROFILE_NAMES),
      PROFILE_NAMES[0],
    )
    .option(
      '--shard-cells <count>',
      'committed cells of a shard at most, such as 2^27; the same proof needs the same value',
      countParser('--shard-cells', 2 ** 10, 2 ** 40),
    )
    .option(
      '--max-memory <bytes>',
      'memory to use at most, such as 6G (default: ZISK_MAX_MEMORY); changes how, not what is proven',
      byteCountParser('--max-memory', MIN_MEMORY),
    )
    .option('--allow-failure', 'prove the run whatever exit code the guest ends with')
    .option('--no-verify', 'do not verify the proof before it is written')
    .option('--json-events', 'progress as one JSON document a line on stderr')
    .option('-q, --quiet', 'no progress and no summary on stderr')
  addCommonOptions(command).action((elf: string | undefined, options: ProveOptions) => proveRun(elf, options, context))
}

async function proveRun(argument: string | undefined, options: ProveOptions, { io }: CommandContext): Promise<void> {
  const path = elfPath(argument, options)
  refuseOverwriting(options.output, [path, options.input, options.inputRaw])
  assertWritable(options.output)
  const program = await loadProgramFromOptions(path, options)
  const start = performance.now()
  const input = inputFromOptions(options, program, io)
  const threads = threadsFromOptions(options, io) ?? availableParallelism()
  const { signal, release } = catchInterruption()
  const progress = await openProgressLine(io, { threads, quiet: options.quiet === true || options.jsonEvents === true })
  const run = await prove(program, {
    input,
    profile: options.profile,
    home: defaultHome(io.env),
    threads,
    maxMemory: options.maxMemory ?? maxMemoryOf(io),
    shardCells: options.shardCells,
    signal,
    onProgress: options.jsonEvents ? (event) => io.stderr.write(`${JSON.stringify(event)}\n`) : progress.update,
    chunkSize: chunkSizeFromOptions(options, io),
    maxSteps: options.maxSteps,
    allowFailure: options.allowFailure,
    verify: options.verify,
  }).finally(() => {
    progress.close()
    release()
  })
  writeUserFile(options.output, run.proof)
  const seconds = (performance.now() - start) / 1000
  if (options.json) {
    const document = {
      ok: true,
      command: 'prove',
      elf: path,
      output: options.output,
      profile: options.profile,
      ...statementToJson(run),
      steps: run.steps,
      instances: run.instances,
      shards: run.shards,
      threads,
      peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
      proofBytes: run.proof.length,
      selfVerified: options.verify,
      seconds,
      stepsPerSecond: Math.round(run.steps / seconds),
      phases: run.phases,
    }
    io.stdout.write(toJson(document))
  } else if (!options.quiet) io.stderr.write(summary(run, options, seconds))
}

function maxMemoryOf({ env }: Io): number | undefined {
  const value = env['ZISK_MAX_MEMORY']
  return value === undefined ? undefined : byteCountParser('ZISK_MAX_MEMORY', MIN_MEMORY)(value)
}

/** A proof must not take the place of what it was made from. */
function refuseOverwriting(output: string, inputs: readonly (string | undefined)[]): void {
  const clash = inputs.find((input) => input !== undefined && input !== '-' && resolve(input) === resolve(output))
  if (clash === undefined) return
  throw new CliError({
    code: 'USAGE',
    message: `--output expected a file of its own, got '${clash}', which is read`,
    where: '--output',
    remedy: 'Name another file for the proof.',
  })
}

function summary(run: ProvenRun, { output, profile, verify }: ProveOptions, seconds: number): string {
  const phases = run.phases.map(({ phase, seconds }) => ['', PHASE_NAMES[phase], formatSeconds(seconds)])
  return [
    formatTable(phases, 'llr'),
    renderStatement(run),
    formatTable(
      [
        ['proof', `${output}, ${formatBytes(run.proof.length)}, ${profile}${verify ? ', verified' : ', NOT VERIFIED'}`],
        [
          'steps',
          `${formatCount(run.steps)} in ${formatSeconds(seconds)} (${formatCount(Math.round(run.steps / seconds))} steps/s)`,
        ],
      ],
      'll',
    ),
  ].join('')
}
