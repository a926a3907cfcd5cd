import type { Command } from 'commander'
import { closest } from 'fastest-levenshtein'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { toJson } from '../report/json.ts'
import { DOCUMENT_NAMES, jsonSchemaOf } from '../schemas/documents.ts'

export function addSchemaCommand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('schema')
    .description('Print the JSON Schema of what a command prints under --json, or of all commands by name.')
    .argument('[command...]', 'a command such as verify or toolchain show; failure: any command that fails')
    .addHelpText('after', '\nExamples:\n  zisk schema verify\n  zisk schema failure')
  addCommonOptions(command).action((words: readonly string[], _: CommonOptions) => {
    const name = words.join(' ')
    if (name === '') io.stdout.write(toJson(Object.fromEntries(DOCUMENT_NAMES.map((one) => [one, jsonSchemaOf(one)]))))
    else io.stdout.write(toJson(jsonSchemaOf(known(name))))
  })
}

function known(name: string): string {
  if (DOCUMENT_NAMES.includes(name)) return name
  throw new CliError({
    code: 'USAGE',
    message: `a command with a JSON document expected, got '${name}'`,
    remedy: `Did you mean ${closest(name, DOCUMENT_NAMES)}? Documents: ${DOCUMENT_NAMES.join(', ')}.`,
  })
}
