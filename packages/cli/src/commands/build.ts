import { relative } from 'node:path'
import { type BuildResult, buildGuest, C_COMPILERS, type GuestConfig, LANGUAGES, OPTIMIZATIONS } from '@zisk/build'
import { defaultHome } from '@zisk/sdk/home'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { choiceParser, countParser } from '../options/integer-options.ts'
import { createInstallReporter } from '../report/install-progress.ts'
import { toJson } from '../report/json.ts'
import { formatSeconds } from '../report/text.ts'

interface BuildCommandOptions
  extends CommonOptions,
    Pick<GuestConfig, 'language' | 'toolchain' | 'optimize' | 'output' | 'stackSize'> {
  readonly install: boolean
  readonly quiet?: boolean
}

export function addBuildCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('build')
    .description('Build a guest program: its path goes to stdout, messages of the compiler to stderr.')
    .argument('[path]', 'project folder or one source file (default: the current folder)')
    .option('--language <name>', LANGUAGES.join(', '), choiceParser('--language', LANGUAGES))
    .option(
      '--toolchain <name>',
      `compiler of C and C++: ${C_COMPILERS.join(', ')} (default: zig, installed when missing)`,
      choiceParser('--toolchain', C_COMPILERS),
    )
    .option('--optimize <goal>', OPTIMIZATIONS.join(', '), choiceParser('--optimize', OPTIMIZATIONS))
    .option('--stack-size <bytes>', 'stack of the guest', countParser('--stack-size', 4096, 256 * 2 ** 20))
    .option('-o, --output <file>', 'where the ELF goes (default: build/NAME.elf)')
    .option('--no-install', 'fail when the toolchain is missing, in place of installing it')
    .option('-q, --quiet', 'no summary on stderr')
    .addHelpText('after', '\nExamples:\n  zisk build\n  zisk build main.c --output program.elf --json')
  addCommonOptions(command).action((path: string | undefined, options: BuildCommandOptions) =>
    build(path, options, context),
  )
}

async function build(path: string | undefined, options: BuildCommandOptions, { io }: CommandContext): Promise<void> {
  const { language, toolchain, optimize, output, stackSize, install } = options
  const { signal, release } = catchInterruption('no ELF was written, an older one is as it was')
  const result = await buildGuest({
    path,
    config: { language, toolchain, optimize, output, stackSize },
    home: defaultHome(io.env),
    env: io.env,
    signal,
    install,
    onInstall: createInstallReporter(io),
    onDiagnostics: (text) => io.stderr.write(text),
  }).finally(release)
  if (options.json) {
    io.stdout.write(toJson({ ok: true, command: 'build', ...result }))
    return
  }
  if (!options.quiet) io.stderr.write(`${summary(result)}\n`)
  io.stdout.write(`${shortest(result.elf)}\n`)
}

/** A path below the current folder without that folder. */
function shortest(path: string): string {
  const below = relative('', path)
  return below.startsWith('..') ? path : below
}

function summary({ language, toolchain, compiled, upToDate, seconds }: BuildResult): string {
  const time = formatSeconds(seconds)
  if (upToDate) return `up to date in ${time}`
  const files = compiled === undefined ? '' : `, ${compiled} ${compiled === 1 ? 'file' : 'files'} compiled`
  return `built ${language} with ${toolchain.name} ${toolchain.version} in ${time}${files}`
}
