/** TypeScript guests: AssemblyScript makes WebAssembly of them, our translator C, and the C compiler the rest. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { guestFiles, WASM_IMPORTS } from '@zisk/guest'
import { translatorFolder, wasmToC } from '@zisk/wasm2c'
import { BuildError } from '../build-error.ts'
import { type BuildState, isCurrent, readState, writeState } from '../compile/build-state.ts'
import { fingerprint, hashTexts } from '../compile/fingerprint.ts'
import { runTool } from '../compile/run-tool.ts'
import { filesBelow, replaceFile, replaceText } from '../files.ts'
import type { Optimization } from '../project/config.ts'
import type { GuestProject } from '../project/project.ts'
import { linkWithLibrary, translatedUnit } from './c-family.ts'
import type { BuildContext, Language } from './language.ts'

/** Memory of a guest, 256 MiB: there from the start, so that no access asks how far it has grown. */
const MEMORY_PAGES = 4096
const LEVEL: Readonly<Record<Optimization, string>> = { speed: '-O3', size: '-Oz', debug: '-O0' }

export const typescript: Language = {
  build: async (project, context) => {
    const translated = await makeC(project, context)
    return linkWithLibrary(project, context, {
      cpp: false,
      units: (compiler) => [translatedUnit(translated, project, compiler)],
    })
  },
}

/** Brings the C translation up to date and gives its path. */
async function makeC(project: GuestProject, context: BuildContext): Promise<string> {
  const { root, cache, config } = project
  const compiler = findAssemblyScript(root)
  const state: BuildState = readState(cache)
  const translated = join(cache, `${project.name}.wasm.c`)
  const wasm = join(cache, `${project.name}.wasm`)
  const modules = join(cache, 'modules')
  const { assemblyModule } = guestFiles()
  const command = (output: string): string[] => [
    // Without this flag the compiler starts itself once more, with it.
    ...[process.execPath, '--enable-source-maps', compiler.program, relative(root, entryFile(project))],
    ...[LEVEL[config.optimize ?? 'speed'], '--debug', '--runtime', 'stub'],
    ...['--initialMemory', `${MEMORY_PAGES}`, '--maximumMemory', `${MEMORY_PAGES}`],
    ...['--path', relative(root, modules), ...(config.flags ?? []), '--outFile', relative(root, output)],
  ]
  const key = hashTexts(compiler.version, JSON.stringify(WASM_IMPORTS), ...command(wasm))
  if (isCurrent(state['c'], key)) return translated
  await replaceFile(join(modules, '@zisk/guest/assembly/index.ts'), (temporary) =>
    copyFileSync(assemblyModule, temporary),
  )
  await replaceFile(wasm, (temporary) => compile(command(temporary), project, context))
  await replaceText(
    translated,
    wasmToC(new Uint8Array(readFileSync(wasm)), {
      imports: WASM_IMPORTS,
      headers: ['zisk-host.h'],
      maxPages: MEMORY_PAGES,
    }),
  )
  const translator = filesBelow(translatorFolder())
  const inputs = [...inputFiles(project), assemblyModule, compiler.program, ...translator].map(fingerprint)
  state['c'] = { key, inputs, output: fingerprint(translated) }
  await writeState(cache, state)
  return translated
}

async function compile(command: readonly string[], project: GuestProject, context: BuildContext): Promise<void> {
  const { signal, onDiagnostics } = context
  // Its colours are for terminals, and its output goes through ours.
  const env = { ...context.env, NO_COLOR: '1' }
  const { status, output } = await runTool({ command, cwd: project.root, env, signal })
  if (output !== '') onDiagnostics(output)
  if (status === 0) return
  throw new BuildError({
    code: 'COMPILE_FAILED',
    message: `a program that compiles expected, got exit status ${status} from AssemblyScript`,
    where: entryFile(project),
    remedy: 'Mend what the compiler says.',
    details: { status, output },
  })
}

/** The root that AssemblyScript starts from; it finds the files that are imported. */
function entryFile({ sources, root }: GuestProject): string {
  const main = ['main.ts', 'index.ts'].map((name) => sources.find((file) => basename(file) === name))
  const entry = main.find((file) => file !== undefined) ?? (sources.length === 1 ? sources[0] : undefined)
  if (entry !== undefined) return entry
  throw new BuildError({
    code: 'PROJECT_NOT_FOUND',
    message: `one root file main.ts expected, got ${sources.length} others`,
    where: root,
    remedy: "Name the root main.ts, or give it as 'sources' of the configuration.",
    exitStatus: 'usage',
  })
}

/** Files whose change can change the program. */
function inputFiles(project: GuestProject): string[] {
  const { root } = project
  const below = filesBelow(dirname(entryFile(project))).filter((file) => file.endsWith('.ts'))
  const others = ['asconfig.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock']
  return [...new Set([...project.sources, ...below, ...others.map((name) => join(root, name))])]
    .filter((file) => existsSync(file))
    .sort()
}

/** The project's AssemblyScript compiler, or the one that lies beside this package. */
function findAssemblyScript(root: string): { readonly program: string; readonly version: string } {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    try {
      const manifest = createRequire(from).resolve('assemblyscript/package.json')
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
      return { program: join(dirname(manifest), 'bin/asc.js'), version }
    } catch {}
  }
  throw new BuildError({
    code: 'TOOLCHAIN_MISSING',
    message: 'the AssemblyScript compiler expected, got none installed',
    where: root,
    remedy: 'Run `npm install --save-dev assemblyscript`.',
  })
}
