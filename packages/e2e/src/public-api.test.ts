import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { readWorkspace } from './workspace.ts'

const published = readWorkspace().filter(({ manifest }) => manifest.private !== true && manifest.name !== 'zisk')

test.each(published.map((p) => [p.manifest.name, p] as const))('%s: names of the public API', async (_name, p) => {
  const api = await import(pathToFileURL(join(p.directory, 'src', 'index.ts')).href)
  expect(Object.keys(api).sort()).toMatchSnapshot()
})
