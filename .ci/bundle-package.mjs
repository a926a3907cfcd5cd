/**
 * Last step of a package's build: joins the compiled modules into one file per entry, with shared parts in chunks. A command
 * loads some five hundred modules otherwise, in every worker thread again, and that costs more than a small proof.
 *
 *     node ../../.ci/bundle-package.mjs [WORKER...]
 *
 * Entries are what package.json exports, and workers (paths in `dist`), which move to `dist` itself: the module that
 * starts one names it relative to itself. Other packages stay imports, so that each is loaded once.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build } from 'esbuild'

const dist = join(process.cwd(), 'dist')
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'object' ? [join(entry.default)] : []))
const workers = process.argv.slice(2).map((name) => join('dist', name))
const named = (path, name) => [name.replace(/\.js$/, ''), path]

const { metafile } = await build({
  entryPoints: Object.fromEntries([
    ...entries.map((path) => named(path, relative('dist', path))),
    ...workers.map((path) => named(path, basename(path))),
  ]),
  outdir: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunk-[hash]',
  metafile: true,
  logLevel: 'warning',
})
const kept = new Set(Object.keys(metafile.outputs).map((path) => relative('dist', path)))
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.js') && !kept.has(name)) rmSync(join(dist, name))
