import { findZig, installZig, ZIG_VERSION } from '@zisk/build'
import { defaultHome } from '@zisk/sdk/home'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { createInstallReporter } from '../report/install-progress.ts'
import { toJson } from '../report/json.ts'

export function addToolchainCommand(program: Command, context: CommandContext): void {
  const command = program.command('toolchain').description('Install the compiler of C, C++ and Zig guests, or show it.')
  addCommonOptions(command.command('install'))
    .description(`Install Zig ${ZIG_VERSION} from npm below ZISK_HOME; an interrupted installation continues.`)
    .addHelpText('after', '\nExamples:\n  zisk toolchain install\n  ZISK_HOME=/opt/zisk zisk toolchain install --json')
    .action((options: CommonOptions) => install(options, context))
  addCommonOptions(command.command('show'))
    .description('Show what is installed, and where.')
    .addHelpText('after', '\nExamples:\n  zisk toolchain show\n  zisk toolchain show --json')
    .action((options: CommonOptions) => show(options, context))
}

async function install(options: CommonOptions, { io }: CommandContext): Promise<void> {
  const already = findZig(defaultHome(io.env)) !== undefined
  const { signal, release } = catchInterruption('run it again: what was downloaded is kept')
  const { version, folder } = await installZig({
    home: defaultHome(io.env),
    env: io.env,
    signal,
    onProgress: createInstallReporter(io),
  }).finally(release)
  if (options.json) {
    const document = { ok: true, command: 'toolchain install', zig: { version, folder }, already }
    io.stdout.write(toJson(document))
    return
  }
  io.stderr.write(already ? `zig ${version} is installed\n` : `installed zig ${version}\n`)
  io.stdout.write(`${folder}\n`)
}

function show(options: CommonOptions, { io }: CommandContext): void {
  const zig = findZig(defaultHome(io.env))
  const home = defaultHome(io.env)
  if (options.json) {
    const installed = zig === undefined ? null : { version: zig.version, folder: zig.folder }
    io.stdout.write(toJson({ ok: true, command: 'toolchain show', home, zig: installed }))
    return
  }
  io.stdout.write(
    `home ${home}\nzig  ${zig === undefined ? 'not installed: `zisk toolchain install`' : `${zig.version} in ${zig.folder}`}\n`,
  )
}
