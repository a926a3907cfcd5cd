import { PHASE_NAMES, type ProvenRun, prove } from '@zisk/sdk'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { checkOutputFile, writeUserFile } from '../files/write-file.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { addProofOptions, type ProofOptions, proofOptions } from '../options/proof-options.ts'
import { toJson } from '../report/json.ts'
import { openProgressLine } from '../report/progress-line.ts'
import { renderStatement, statementToJson } from '../report/statement.ts'
import { formatBytes, formatCount, formatSeconds, formatTable } from '../report/text.ts'

interface ProveOptions extends CommonOptions, ElfOptions, InputOptions, ProofOptions {
  readonly output: string
  readonly verify: boolean
  readonly quiet?: boolean
  readonly jsonEvents?: boolean
  readonly workDir?: string
}

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
  addProofOptions(command)
    .option('-o, --output <file>', 'proof file, or - for stdout', 'proof.bin')
    .option('--work-dir <folder>', 'keep finished parts there, and go on from them: to the same bytes')
    .option('--no-verify', 'do not verify the proof before it is written')
    .option('--json-events', 'progress as one JSON document a line on stderr')
    .option('-q, --quiet', 'no progress and no summary on stderr')
  addCommonOptions(command).action((elf: string | undefined, options: ProveOptions) => proveRun(elf, options, context))
}

async function proveRun(argument: string | undefined, options: ProveOptions, { io }: CommandContext): Promise<void> {
  const path = elfPath(argument, options)
  checkOutput(options, [path, options.input, options.inputRaw])
  const program = await loadProgramFromOptions(path, options)
  const start = performance.now()
  const input = inputFromOptions(options, program, io, {
    '--output': options.output === '-' ? undefined : options.output,
  })
  const settings = proofOptions(options, io)
  const { threads } = settings
  const { signal, release } = catchInterruption()
  const progress = await openProgressLine(io, { threads, quiet: options.quiet === true || options.jsonEvents === true })
  const run = await prove(program, {
    ...settings,
    input,
    signal,
    onProgress: options.jsonEvents ? (event) => io.stderr.write(`${JSON.stringify(event)}\n`) : progress.update,
    verify: options.verify,
    workDir: options.workDir,
  }).finally(() => {
    progress.close()
    release()
  })
  if (options.output === '-') io.stdout.write(run.proof)
  else writeUserFile(options.output, run.proof)
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
      cells: run.cells,
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

/** A proof must not take the place of what it was made from, nor mix with the document of --json. */
function checkOutput({ output, json }: ProveOptions, inputs: readonly (string | undefined)[]): void {
  if (output === '-') {
    if (json !== true) return
    throw new CliError({
      code: 'USAGE',
      message: 'one thing on standard output expected, got --output - and --json',
      where: '--output',
      remedy: 'Name a file for the proof.',
    })
  }
  checkOutputFile('--output', output, inputs)
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
