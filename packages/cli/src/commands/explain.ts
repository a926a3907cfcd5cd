import type { Command } from 'commander'
import { closest } from 'fastest-levenshtein'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { EXPLANATIONS } from '../explain/explanations.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { toJson } from '../report/json.ts'

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('explain')
    .description('Explain an error code, or list all of them.')
    .argument('[code]', 'code of an error, such as GUEST_EXIT')
    .addHelpText('after', '\nExamples:\n  zisk explain PROOF_PROGRAM_MISMATCH\n  zisk explain --json')
  addCommonOptions(command).action((code: string | undefined, options: CommonOptions) =>
    explain(code, options, context),
  )
}

function explain(asked: string | undefined, { json }: CommonOptions, { io }: CommandContext): void {
  if (asked === undefined) {
    const errors = EXPLANATIONS.flatMap(({ subject, codes }) =>
      Object.entries(codes).map(([code, explanation]) => ({ code, subject, explanation })),
    )
    if (json) io.stdout.write(toJson({ ok: true, command: 'explain', errors }))
    else for (const { code, explanation } of errors) io.stdout.write(`${code}\n  ${explanation}\n`)
    return
  }
  const code = asked.toUpperCase()
  const group = EXPLANATIONS.find(({ codes }) => Object.hasOwn(codes, code))
  if (group === undefined) throw unknown(asked, code)
  const explanation = group.codes[code]!
  if (json)
    io.stdout.write(toJson({ ok: true, command: 'explain', errors: [{ code, subject: group.subject, explanation }] }))
  else io.stdout.write(`${code} (${group.subject})\n${explanation}\n`)
}

function unknown(asked: string, code: string): CliError {
  const codes = EXPLANATIONS.flatMap((group) => Object.keys(group.codes))
  return new CliError({
    code: 'EXPLAIN_UNKNOWN',
    message: `an error code expected, got '${asked}'`,
    remedy: `Did you mean ${closest(code, codes)}? \`zisk explain\` lists all.`,
  })
}
