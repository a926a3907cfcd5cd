import { EXIT_STATUS, ZiskError } from '@zisk/core'
import { Command, CommanderError } from 'commander'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { addBenchCommand } from './commands/bench.ts'
import { addInfoCommand } from './commands/info.ts'
import { addInspectCommand } from './commands/inspect.ts'
import { addPilCommand } from './commands/pil.ts'
import { addProveCommand } from './commands/prove.ts'
import { addRomCommand } from './commands/rom.ts'
import { addRunCommand } from './commands/run.ts'
import { addSetupCommand } from './commands/setup.ts'
import { addTraceCommand } from './commands/trace.ts'
import { addVerifyCommand } from './commands/verify.ts'
import type { Io } from './io.ts'
import { errorToJson, renderError } from './report/render-error.ts'
import { VERSION } from './version.ts'

/**
 * Runs one command line.
 *
 * @param argv arguments without the interpreter and script
 * @returns the exit status, from the table `EXIT_STATUS`; never throws
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let status: number = EXIT_STATUS.ok
  const context: CommandContext = {
    io,
    setExitStatus: (next) => {
      status = next
    },
  }
  const program = createProgram(context)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    return reportFailure(error, argv, io)
  }
}

/** The command tree. Commander's own messages go to the streams of `context.io`. */
export function createProgram(context: CommandContext): Command {
  const { io } = context
  const program = new Command('zisk')
    .description('Run RISC-V programs, and prove and verify their runs.')
    .version(VERSION, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Usage errors are printed once, by reportFailure.
      writeErr: () => {},
    })
  addRunCommand(program, context)
  addRomCommand(program, context)
  addTraceCommand(program, context)
  addBenchCommand(program, context)
  addInfoCommand(program, context)
  addSetupCommand(program, context)
  addProveCommand(program, context)
  addVerifyCommand(program, context)
  addInspectCommand(program, context)
  addPilCommand(program, context)
  return program
}

function reportFailure(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT_STATUS.ok
  const failure = error instanceof CommanderError ? usageError(error) : error
  if (argv.includes('--json')) {
    io.stdout.write(`${JSON.stringify({ ok: false, error: errorToJson(failure) }, null, 2)}\n`)
  } else {
    io.stderr.write(renderError(failure, argv.includes('--debug')))
  }
  return EXIT_STATUS[failure instanceof ZiskError ? failure.exitStatus : 'failed']
}

/** Commander's message, without its prefix, as one of our errors. */
function usageError(error: CommanderError): CliError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = rest.join(' ').trim()
  return new CliError({
    code: 'USAGE',
    message: error.code === 'commander.help' ? 'a command expected, got none' : first,
    remedy: [suggestion, 'See `zisk --help` or `zisk COMMAND --help`.'].filter((part) => part !== '').join(' '),
    cause: error,
  })
}
