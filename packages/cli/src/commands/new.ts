import type { Command } from 'commander'
import { createProject, TEMPLATES } from 'create-zisk'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { toJson } from '../report/json.ts'

interface NewOptions extends CommonOptions {
  readonly template: string
}

export function addNewCommand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('new')
    .description('Make a project: a program, its input, a test that runs, proves and verifies it.')
    .argument('<name>', 'folder to make; its last part names the project')
    .option('-t, --template <name>', TEMPLATES.join(', '), 'c')
    .addHelpText('after', '\nExamples:\n  zisk new my-proof\n  zisk new my-proof --template rust --json')
  addCommonOptions(command).action((path: string, { template, json }: NewOptions) => {
    const project = createProject({ path, template })
    if (json) io.stdout.write(toJson({ ok: true, command: 'new', ...project }))
    else {
      io.stderr.write(`made a ${project.template} project; next: cd ${path}, npm install, zisk build\n`)
      io.stdout.write(`${project.folder}\n`)
    }
  })
}
