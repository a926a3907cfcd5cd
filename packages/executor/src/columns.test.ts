import { fileURLToPath } from 'node:url'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const MACHINE = /packages\/state-machines\/([^/]+)\/pil\//

/** `MemAlignWord` -> `mem-align-word`. */
const kebab = (name: string): string => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()

const airs = program.airGroups
  .flatMap((group) => group.airs)
  .flatMap(({ name, witness }) => {
    const machine = MACHINE.exec(program.files[witness[0]!.source!.file]!)?.[1]
    return machine === undefined ? [] : [{ name, machine }]
  })

test('every AIR that is not a packed table belongs to a state machine', () => {
  const rest = program.airGroups.flatMap((group) => group.airs).filter(({ name }) => !airs.some((a) => a.name === name))
  expect(rest.every(({ template }) => template === 'StdTables')).toBe(true)
  expect(new Set(airs.map(({ machine }) => machine))).toEqual(
    new Set(['main', 'rom', 'mem', 'mem-align', 'binary', 'arith']),
  )
})

test.each(airs)('the committed column names of $name are those of the program', async ({ name, machine }) => {
  const path = `../../state-machines/${machine}/src/${kebab(name)}-columns.gen.ts`
  await expect(columnsModule(program, name)).toMatchFileSnapshot(fileURLToPath(new URL(path, import.meta.url)))
})
