import { defaultHome, type SetupReport, setup } from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { checkOutputFile, writeUserFile } from '../files/write-file.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addThreadOptions, type ThreadOptions, threadsFromOptions } from '../options/run-options.ts'
import { toJson } from '../report/json.ts'
import { hexBytes } from '../report/statement.ts'
import { formatTable } from '../report/text.ts'

interface SetupOptions extends CommonOptions, ElfOptions, ThreadOptions {
  readonly output?: string
}

const CACHE_TEXT: Readonly<Record<SetupReport['cache'], string>> = {
  loaded: 'were at hand',
  stored: 'made and kept',
  notStored: 'made; the folder cannot be written, so they will be made again',
}

export function addSetupCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('setup')
    .description('Make the keys ready, and print the digest of a program. `prove` and `verify` do so by themselves.')
    .addHelpText('after', '\nExamples:\n  zisk setup program.elf\n  zisk setup --output machine.vkey --json')
  addElfOptions(command)
  addThreadOptions(command).option('-o, --output <file>', 'write the verifying key of the machine')
  addCommonOptions(command).action((elf: string | undefined, options: SetupOptions) => runSetup(elf, options, context))
}

async function runSetup(argument: string | undefined, options: SetupOptions, { io }: CommandContext): Promise<void> {
  const path = argument === undefined && options.elf === undefined ? undefined : elfPath(argument, options)
  checkOutputFile('--output', options.output, [path])
  const program = path === undefined ? undefined : await loadProgramFromOptions(path, options)
  const report = await setup(program, { home: defaultHome(io.env), threads: threadsFromOptions(options, io) })
  const { setupDigest, verifyingKey, airs, cache, home, programDigest } = report
  if (options.output !== undefined) writeUserFile(options.output, verifyingKey)
  if (options.json) {
    const document = {
      ok: true,
      command: 'setup',
      setupDigest: hexBytes(setupDigest),
      airs,
      verifyingKeyBytes: verifyingKey.length,
      cache,
      home,
      ...(programDigest === undefined ? {} : { elf: path, programDigest: hexBytes(programDigest) }),
    }
    io.stdout.write(toJson(document))
    return
  }
  const facts = [
    ['machine', `${airs} AIRs, verifying key of ${verifyingKey.length} bytes`],
    ['setup digest', hexBytes(setupDigest)],
    ['keys', CACHE_TEXT[cache]],
    ['folder', home],
    ...(programDigest === undefined ? [] : [['program digest', hexBytes(programDigest)]]),
  ]
  io.stdout.write(formatTable(facts, 'll'))
}
