/**
 * Last step of a package's build: joins the compiled modules into one file per entry, with shared parts in chunks. A command
 * loads some five hundred modules otherwise, in every worker thread again, and that costs more than a small proof.
 *
 *     node ../../.ci/bundle-package.mjs [WORKER...]
 *
 * Entries are what package.json exports; other packages stay imports, so that each is loaded once. Workers (paths in
 * `dist`) move to `dist` itself, since the module that starts one names it relative to itself. They hold what they need of
 * the packages of the workspace, which every worker would load anew as a whole: half of the time that starting one takes.
 * A package with a command holds what it needs of most of them, too: it would load the files of a dozen packages.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

const dist = join(process.cwd(), 'dist')
const { exports, bin = {}, dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const commands = Object.values(bin).map((path) => join(path))
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

/**
 * Packages of the workspace that commands import all the same: errors of all packages are of the class in @zisk/core, and
 * the others are loaded only to build and to compile.
 */
const APART = ['@zisk/core', '@zisk/build', '@zisk/guest', '@zisk/pilc', '@zisk/wasm2c', 'create-zisk']

/** Leaves what npm installs outside, and takes the packages of the workspace in, but for some. */
const otherPackages = (apart) => ({
  name: 'other-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const isApart = apart.some((name) => path === name || path.startsWith(`${name}/`))
      return kind === 'entry-point' || (path.startsWith('@zisk/') && !isApart) ? undefined : { path, external: true }
    }),
})

/**
 * Modules find workers, keys and package.json beside the file that they are built into: in a file of another package they
 * ask where their own lies.
 */
const ownPlaces = {
  name: 'own-places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      const asked = `import { packageUrl } from '${join(import.meta.dirname, 'package-url.mjs')}'\n`
      return {
        contents: asked + source.replaceAll('import.meta.url', `packageUrl('${packageOf(dirname(path))}')`),
        loader: 'ts',
      }
    }),
}

function packageOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
  } catch {
    return packageOf(dirname(folder))
  }
}

const outputs = []
for (const worker of workers) {
  const entryPoints = { [outputName(basename(worker))]: worker }
  const whole = { plugins: [otherPackages([])], conditions: ['zisk-source'] }
  const { metafile } = await build({ ...options, entryPoints, ...whole })
  outputs.push(metafile.outputs)
}
const all = [...entries, ...commands]
const entryPoints = Object.fromEntries(all.map((path) => [outputName(relative('dist', path)), path]))
const others =
  commands.length === 0
    ? { packages: 'external' }
    : { plugins: [otherPackages(APART), ownPlaces], conditions: ['zisk-source'] }
const { metafile } = await build({ ...options, entryPoints, splitting: true, chunkNames: 'chunk-[hash]', ...others })
outputs.push(metafile.outputs)
for (const { path, external } of Object.values(metafile.outputs).flatMap(({ imports }) => imports)) {
  const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/')
  if (external && !path.startsWith('node:') && dependencies[name] === undefined)
    throw new Error(`${name} expected among the dependencies of the package: a file that it is built into imports it`)
}
const kept = new Set(outputs.flatMap((files) => Object.keys(files)).map((path) => relative('dist', path)))
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.js') && !kept.has(name)) rmSync(join(dist, name))
