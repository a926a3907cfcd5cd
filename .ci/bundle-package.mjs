/**
 * Last step of a package's build: joins the compiled modules into one file per entry, with shared parts in chunks. A command
 * loads some five hundred modules otherwise, in every worker thread again, and that costs more than a small proof.
 *
 *     node ../../.ci/bundle-package.mjs [WORKER...]
 *
 * Entries are what package.json exports; other packages stay imports, so that each is loaded once. Workers (paths in
 * `dist`) move to `dist` itself, since the module that starts one names it relative to itself. They hold what they need of
 * the packages of the workspace, which every worker would load anew as a whole: half of the time that starting one takes.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build } from 'esbuild'

const dist = join(process.cwd(), 'dist')
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'object' ? [join(entry.default)] : []))
const workers = process.argv.slice(2).map((name) => join('dist', name))
const outputName = (name) => name.replace(/\.js$/, '')
const options = {
  outdir: dist,
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
}

/** Leaves what npm installs outside, and takes the packages of the workspace in. */
const otherPackages = {
  name: 'other-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@zisk/') ? undefined : { path, external: true },
    ),
}

const outputs = []
for (const worker of workers) {
  const entryPoints = { [outputName(basename(worker))]: worker }
  const { metafile } = await build({ ...options, entryPoints, plugins: [otherPackages], conditions: ['zisk-source'] })
  outputs.push(metafile.outputs)
}
const entryPoints = Object.fromEntries(entries.map((path) => [outputName(relative('dist', path)), path]))
outputs.push(
  (await build({ ...options, entryPoints, splitting: true, packages: 'external', chunkNames: 'chunk-[hash]' })).metafile
    .outputs,
)
const kept = new Set(outputs.flatMap((files) => Object.keys(files)).map((path) => relative('dist', path)))
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.js') && !kept.has(name)) rmSync(join(dist, name))
