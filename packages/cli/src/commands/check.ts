import { formatFailure, formatSkipped } from '@zisk/air'
import { EXIT_STATUS } from '@zisk/core'
import { type CheckedRun, check, defaultHome, type ExplainedFailure } from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { countParser } from '../options/integer-options.ts'
import { addStepOptions, chunkSizeFromOptions, type StepOptions } from '../options/run-options.ts'
import { toJson } from '../report/json.ts'
import { formatCount, formatSeconds } from '../report/text.ts'

interface CheckOptions extends CommonOptions, ElfOptions, InputOptions, StepOptions {
  readonly allowFailure?: boolean
  readonly maxFailures?: number
}

export function addCheckCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('check')
    .description('Run a program and check all constraints and buses of the run, without a proof.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk check program.elf --input args.json\n  zisk check program.elf --max-failures 100 --json',
    )
  addElfOptions(command)
  addInputOptions(command)
  addStepOptions(command)
    .option('--max-failures <count>', 'failures described (default: 10)', countParser('--max-failures', 1, 1_000_000))
    .option('--allow-failure', 'check the run whatever exit code the guest ends with')
  addCommonOptions(command).action((elf: string | undefined, options: CheckOptions) => checkRun(elf, options, context))
}

async function checkRun(argument: string | undefined, options: CheckOptions, context: CommandContext): Promise<void> {
  const { io } = context
  const path = elfPath(argument, options)
  const program = await loadProgramFromOptions(path, options)
  const start = performance.now()
  const input = inputFromOptions(options, program, io)
  const { signal, release } = catchInterruption()
  const checked = await check(program, {
    input,
    signal,
    chunkSize: chunkSizeFromOptions(options, io),
    maxSteps: options.maxSteps,
    maxFailures: options.maxFailures,
    allowFailure: options.allowFailure,
    home: defaultHome(io.env),
  }).finally(release)
  const seconds = (performance.now() - start) / 1000
  const { report, failures, execution, instances, cells } = checked
  if (!report.ok) context.setExitStatus(EXIT_STATUS.failed)
  if (options.json) {
    const { evaluations, tuples, failureCount, skipped } = report
    const { steps } = execution.outcome
    const counts = { steps, instances, cells, evaluations, tuples, failureCount, skipped }
    io.stdout.write(toJson({ ok: report.ok, command: 'check', elf: path, ...counts, failures, seconds }))
    return
  }
  for (const failure of failures) io.stdout.write(renderFailure(failure))
  io.stdout.write(summary(checked, seconds))
}

function renderFailure({ failure, rows }: ExplainedFailure): string {
  const places = rows.map(({ instance, row, step, location, instruction, what }) => {
    const parts = [what, step === undefined ? undefined : `step ${formatCount(step)}`, location, instruction]
    const text = parts.filter((part) => part !== undefined).join(', ')
    return `  in the guest: ${instance} row ${row}: ${text === '' ? 'not known' : text}\n`
  })
  return `${formatFailure(failure)}\n${places.join('')}\n`
}

function summary({ report, execution, instances, cells }: CheckedRun, seconds: number): string {
  const { ok, failureCount, evaluations, tuples } = report
  const verdict = ok
    ? 'all constraints hold and all buses balance'
    : `${formatCount(failureCount)} failures, which are defects of zisk: please report them`
  return (
    `${verdict}\n${formatCount(execution.outcome.steps)} steps, ${instances} instances, ${formatCount(cells)} cells, ` +
    `${formatCount(evaluations)} constraint evaluations, ${formatCount(tuples)} bus tuples in ${formatSeconds(seconds)}\n` +
    formatSkipped(report)
      .map((line) => `${line}\n`)
      .join('')
  )
}
