import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { REPO_ROOT, readWorkspace, sourceFiles } from './workspace.ts'

const packages = readWorkspace()
const layerOf = new Map(packages.map(({ manifest }) => [manifest.name, manifest.zisk?.layer]))

/** Names of workspace packages that a source text imports. */
function workspaceImports(source: string): readonly string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(@zisk\/[^'/]+|zisk)(?:\/[^']*)?'/g)].map((match) => match[1]!)
}

/** The comment-free source, so that an example in a docblock is no import. */
const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

describe('layers', () => {
  test('the workspace has packages to check', () => {
    expect(packages.length).toBeGreaterThan(3)
  })

  test.each(packages.map((p) => [p.manifest.name, p] as const))('%s imports only from lower layers', (name, p) => {
    const layer = layerOf.get(name)
    expect(layer, `${name} declares "zisk": {"layer": n} in package.json`).toBeTypeOf('number')
    const violations = sourceFiles(p.directory).flatMap((file) =>
      workspaceImports(withoutComments(readFileSync(file, 'utf8')))
        .filter((imported) => imported !== name && !((layerOf.get(imported) ?? Number.POSITIVE_INFINITY) < layer!))
        .map((imported) => `${relative(REPO_ROOT, file)} imports ${imported}`),
    )
    expect(violations).toEqual([])
  })

  test.each(packages.map((p) => [p.manifest.name, p] as const))('%s declares what it imports', (name, p) => {
    const declared = new Set([
      ...Object.keys(p.manifest.dependencies ?? {}),
      ...Object.keys(p.manifest.devDependencies ?? {}),
    ])
    const undeclared = sourceFiles(p.directory).flatMap((file) =>
      workspaceImports(withoutComments(readFileSync(file, 'utf8')))
        .filter((imported) => imported !== name && !declared.has(imported))
        .map((imported) => `${relative(REPO_ROOT, file)} imports ${imported}`),
    )
    expect(undeclared).toEqual([])
  })

  test('the import scanner sees an upward import', () => {
    // Put together here, so that the scanner does not see an import in this file.
    const cli = ['@zisk', 'cli'].join('/')
    const sdk = ['@zisk', 'sdk'].join('/')
    expect(workspaceImports(`import { x } from '${cli}'\nconst y = await import('${sdk}')`)).toEqual([cli, sdk])
  })
})
