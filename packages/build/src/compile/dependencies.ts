import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The files of the first rule in a makefile that a compiler wrote: `object: source header \` with escaped spaces.
 *
 * @param root what relative paths start from
 */
export function readDependencies(path: string, root: string): string[] {
  const rule = readFileSync(path, 'utf8').replace(/\\\r?\n/g, ' ')
  const files = rule.slice(rule.indexOf(': ') + 2).match(/(?:\\.|[^\s\\])+/g) ?? []
  return [...new Set(files.map((file) => resolve(root, file.replace(/\\([ #\\])/g, '$1').replace(/\$\$/g, '$'))))]
}
