import { expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'

/** Names of the commands that a help text lists, without `help` itself. */
async function commandsOf(...path: string[]): Promise<string[][]> {
  const { stdout } = await runInProcess([...path, '--help'])
  const list = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(stdout)?.[1] ?? ''
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]!).filter((name) => name !== 'help')
  return names.map((name) => [...path, name])
}

test('every command has a description, and two examples that begin with its name', async () => {
  const top = await commandsOf()
  expect(top.length).toBeGreaterThan(12)
  for (const command of [...top, ...(await commandsOf('pil')), ...(await commandsOf('toolchain'))]) {
    const { status, stdout } = await runInProcess([...command, '--help'])
    expect({ command, status }).toEqual({ command, status: 0 })
    const examples = /\nExamples:\n([\s\S]*)$/.exec(stdout)?.[1] ?? ''
    const own = examples.split('\n').filter((line) => line.includes(`zisk ${command.join(' ')}`))
    expect({ command, examples: own.length >= 2 || (await commandsOf(...command)).length > 0 }).toEqual({
      command,
      examples: true,
    })
  }
})

test.each([
  [['buidl'], 'Did you mean build?'],
  [['build', '--optimise', 'size'], 'Did you mean --optimize?'],
  [['new', 'x', '--template', 'rsut'], 'Did you mean rust?'],
  [['toolchain', 'instal'], 'Did you mean install?'],
])('%j: %s', async (argv, suggestion) => {
  const { status, stderr } = await runInProcess(argv)
  expect(status).toBe(2)
  expect(stderr).toContain(suggestion)
})
