import { defaultHome, type NamedProgram, type VerifiedProof, verify } from '@zisk/sdk/verify'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { readUserFile } from '../files/read-file.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfLoadingOptions, type ElfOptions, loadProgramFromOptions } from '../options/elf-options.ts'
import { toJson } from '../report/json.ts'
import { renderStatement, statementToJson } from '../report/statement.ts'
import { formatCount, formatSeconds, formatTable } from '../report/text.ts'

interface VerifyOptions extends CommonOptions, ElfOptions {
  readonly program?: string
  readonly anyProgram?: boolean
  readonly allowFailure?: boolean
  readonly allowInsecure?: boolean
}

const DIGEST_PATTERN = /^(0x)?[0-9a-fA-F]{64}$/

export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('Check a proof against the program that you name.')
    .argument('<proof>', 'proof file, or - for stdin')
    .option('--program <digest>', 'digest of the program that the proof must be about: 64 hex digits')
    .option('--any-program', 'accept a proof about any program, and print which')
    .option('--allow-failure', 'accept a run that ended with any exit code')
    .option('--allow-insecure', 'accept the insecure test profile')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk verify proof.bin --elf program.elf\n  zisk verify proof.bin --program DIGEST --json',
    )
  addElfLoadingOptions(command)
  addCommonOptions(command).action((file: string, options: VerifyOptions) => verifyProof(file, options, context))
}

async function verifyProof(file: string, options: VerifyOptions, { io }: CommandContext): Promise<void> {
  const named = await namedProgram(options)
  const proof = file === '-' ? io.readStdin() : readUserFile(file, 'proof')
  const start = performance.now()
  const verified = await verify(proof, named, {
    acceptInsecure: options.allowInsecure,
    allowFailure: options.allowFailure,
    home: defaultHome(io.env),
  })
  const seconds = (performance.now() - start) / 1000
  if (options.json) {
    const document = {
      ok: true,
      command: 'verify',
      proof: file,
      verified: true,
      programNamed: !('any' in named),
      ...statementToJson(verified),
      profile: verified.profile.name,
      securityBits: verified.securityBits,
      proofBytes: proof.length,
      seconds,
    }
    io.stdout.write(toJson(document))
    return
  }
  io.stdout.write(verdict(verified, named) + renderStatement(verified))
  const { profile, securityBits } = verified
  const facts = [
    ['security', `${securityBits.toFixed(1)} bits, ${profile.name}`],
    ['checked', `${formatCount(proof.length)} bytes in ${formatSeconds(seconds)}`],
  ]
  io.stdout.write(formatTable(facts, 'll'))
}

/** What was shown, in one line that does not say more than that. */
function verdict({ profile }: VerifiedProof, named: NamedProgram): string {
  if (profile.targetBits === 0) return 'accepted, but the test profile is INSECURE: this proves nothing\n'
  if ('any' in named) return 'valid, for the program below: compare its digest, no program was named\n'
  return 'verified: a run of the named program gave these outputs\n'
}

/** Exactly one way to name the program. */
async function namedProgram(options: VerifyOptions): Promise<NamedProgram> {
  const { elf, program, anyProgram } = options
  const given = [elf, program, anyProgram].filter((way) => way !== undefined)
  if (given.length !== 1) {
    throw new CliError({
      code: 'USAGE',
      message: `one of --elf, --program and --any-program expected, got ${given.length === 0 ? 'none' : given.length}`,
      remedy:
        'A proof says nothing until you name the program: --elf FILE, or --program DIGEST from someone you trust.',
    })
  }
  const unread = (['memoryMap', 'exitCode'] as const).find((name) => options[name] !== undefined)
  if (elf === undefined && unread !== undefined) {
    const option = unread === 'memoryMap' ? '--memory-map' : '--exit-code'
    throw new CliError({
      code: 'USAGE',
      message: `--elf expected beside ${option}, got another way to name the program`,
      where: option,
      remedy: 'Memory map and exit code source are part of the program digest: leave the option out.',
    })
  }
  if (elf !== undefined) return { program: await loadProgramFromOptions(elf, options) }
  if (program === undefined) return { any: true }
  if (!DIGEST_PATTERN.test(program)) {
    throw new CliError({
      code: 'BAD_OPTION_VALUE',
      message: `--program expected 64 hex digits, got '${program}'`,
      where: '--program',
      remedy: 'Take the program digest that `zisk prove` or `zisk setup` prints, or name the ELF with --elf.',
    })
  }
  return { digest: new Uint8Array(Buffer.from(program.replace(/^0x/, ''), 'hex')) }
}
