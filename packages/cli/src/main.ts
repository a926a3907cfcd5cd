import { EXIT_STATUS, ZiskError } from '@zisk/core'
import { Command, CommanderError } from 'commander'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
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
  try {
    const program = await createProgram(context, argv[0])
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    return reportFailure(error, argv, io)
  }
}

type AddCommand = (program: Command, context: CommandContext) => void

/** By name. Each is loaded only when it is used: `zisk verify` starts without compiler, emulator and prover. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  build: async () => (await import('./commands/build.ts')).addBuildCommand,
  run: async () => (await import('./commands/run.ts')).addRunCommand,
  execute: async () => (await import('./commands/execute.ts')).addExecuteCommand,
  check: async () => (await import('./commands/check.ts')).addCheckCommand,
  prove: async () => (await import('./commands/prove.ts')).addProveCommand,
  verify: async () => (await import('./commands/verify.ts')).addVerifyCommand,
  inspect: async () => (await import('./commands/inspect.ts')).addInspectCommand,
  setup: async () => (await import('./commands/setup.ts')).addSetupCommand,
  rom: async () => (await import('./commands/rom.ts')).addRomCommand,
  trace: async () => (await import('./commands/trace.ts')).addTraceCommand,
  bench: async () => (await import('./commands/bench.ts')).addBenchCommand,
  info: async () => (await import('./commands/info.ts')).addInfoCommand,
  explain: async () => (await import('./commands/explain.ts')).addExplainCommand,
  new: async () => (await import('./commands/new.ts')).addNewCommand,
  pil: async () => (await import('./commands/pil.ts')).addPilCommand,
  schema: async () => (await import('./commands/schema.ts')).addSchemaCommand,
  toolchain: async () => (await import('./commands/toolchain.ts')).addToolchainCommand,
}

/** The command tree, or as much of it as one command line needs. Commander's messages go to the streams of `context.io`. */
async function createProgram(context: CommandContext, first: string | undefined): Promise<Command> {
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
  if (first === '--version' || first === '-V') return program
  const named = Object.keys(COMMANDS).filter((name) => name === first)
  for (const name of named.length > 0 ? named : Object.keys(COMMANDS)) (await COMMANDS[name]!())(program, context)
  return program
}

function reportFailure(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT_STATUS.ok
  const failure = error instanceof CommanderError ? usageError(error) : interruptionOf(error)
  if (argv.includes('--json')) {
    io.stdout.write(`${JSON.stringify({ ok: false, error: errorToJson(failure) }, null, 2)}\n`)
  } else {
    io.stderr.write(renderError(failure, argv.includes('--debug')))
  }
  return EXIT_STATUS[failure instanceof ZiskError ? failure.exitStatus : 'failed']
}

/** Who was interrupted says so, whatever noticed it. */
const interruptionOf = (error: unknown): unknown =>
  error instanceof ZiskError && error.cause instanceof CliError && error.cause.code === 'INTERRUPTED'
    ? error.cause
    : error

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
