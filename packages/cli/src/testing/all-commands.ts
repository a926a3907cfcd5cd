import { runInProcess } from './run-in-process.ts'

/** Every command that does something, as its words: groups such as `pil` stand for their members. */
export async function allCommands(path: readonly string[] = []): Promise<string[][]> {
  const { stdout } = await runInProcess([...path, '--help'])
  const list = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(stdout)?.[1]
  if (list === undefined) return [[...path]]
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]!).filter((name) => name !== 'help')
  return (await Promise.all(names.map((name) => allCommands([...path, name])))).flat()
}

/** The command lines that a command's help gives as examples. */
export async function examplesOf(command: readonly string[]): Promise<string[]> {
  const { stdout } = await runInProcess([...command, '--help'])
  const examples = /\nExamples:\n([\s\S]*)$/.exec(stdout)?.[1] ?? ''
  return examples.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}
