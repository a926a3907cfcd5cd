#!/usr/bin/env node
import { EXIT_STATUS, ZiskError } from '@zisk/core'
import { Command, CommanderError } from 'commander'
import { createProject, TEMPLATES } from './create-project.ts'

interface Options {
  readonly template?: string
  readonly json?: boolean
}

const program = new Command('create-zisk')
  .description('Make a zisk project; never asks a question.')
  .argument('<name>', 'folder to make')
  .option('-t, --template <name>', TEMPLATES.join(', '), 'c')
  .option('--json', 'print exactly one JSON document on stdout')
  .addHelpText('after', '\nExamples:\n  npm create zisk my-proof\n  npm create zisk my-proof -- --template rust')
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ writeErr: () => {} })
  .action((path: string, options: Options) => {
    const project = createProject({ path, template: options.template })
    if (options.json) print({ ok: true, command: 'new', ...project })
    else process.stdout.write(`${project.folder}\nNext: cd ${path}, npm install, npx zisk build; see README.md\n`)
  })

const print = (document: object): void => void process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)

try {
  program.parse()
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT_STATUS.ok
  const failure =
    error instanceof CommanderError
      ? new ZiskError({
          code: 'USAGE',
          message: error.message.replace(/^error: /, ''),
          remedy: 'See `create-zisk --help`.',
          exitStatus: 'usage',
        })
      : error
  if (!(failure instanceof ZiskError)) throw failure
  if (process.argv.includes('--json')) print({ ok: false, error: failure })
  else {
    const { code, message, where, remedy } = failure
    const place = where === undefined ? '' : `  at: ${where}\n`
    process.stderr.write(`error[${code}]: ${message}\n${place}  help: ${remedy}\n`)
  }
  return EXIT_STATUS[failure.exitStatus]
}
