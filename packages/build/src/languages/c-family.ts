/** What all guests but those in Rust share: how C files are compiled, and the library that all are linked with. */

import { extname, resolve } from 'node:path'
import { guestFiles } from '@zisk/guest'
import { type BuildState, readState, writeState } from '../compile/build-state.ts'
import { link } from '../compile/link.ts'
import { makeObjects, type Unit } from '../compile/make-objects.ts'
import type { Optimization } from '../project/config.ts'
import type { GuestProject } from '../project/project.ts'
import { type CCompiler, findCCompiler } from '../toolchain/c-compiler.ts'
import { compilerRt } from '../toolchain/compiler-rt.ts'
import type { BuildContext, LanguageBuild } from './language.ts'

const LEVEL: Readonly<Record<Optimization, string>> = { speed: '-O2', size: '-Os', debug: '-O0' }
const C_ENDINGS = ['.c', '.S', '.s']
const CPP_ENDINGS = ['.cc', '.cpp', '.cxx']

/** The project's C, C++ and assembly files. */
export function cUnits(project: GuestProject, compiler: CCompiler): Unit[] {
  const { include = [], flags = [], optimize = 'speed' } = project.config
  const own = [LEVEL[optimize], ...include.map((folder) => `-I${resolve(project.root, folder)}`), ...flags]
  return project.sources
    .filter((file) => [...C_ENDINGS, ...CPP_ENDINGS].includes(extname(file)))
    .map((source) => cUnit(source, project, compiler, ['-Wall', '-Werror=return-type', ...own]))
}

/** C that was translated from WebAssembly. */
export function translatedUnit(source: string, project: GuestProject, compiler: CCompiler): Unit {
  const level = project.config.optimize === 'size' ? '-Os' : '-O2'
  const flags = [level, '-w', ...compiler.unaligned, '-ffp-contract=off', `-I${guestFiles().wasmInclude}`]
  return cUnit(source, project, compiler, flags)
}

/** Start code, runtime and C library; always optimised. */
function libraryUnits(project: GuestProject, compiler: CCompiler, cpp: boolean): Unit[] {
  const { cSources, cppSources } = guestFiles()
  return [...cSources, ...(cpp ? cppSources : [])].map((source) => cUnit(source, project, compiler, ['-O2']))
}

function cUnit(source: string, project: GuestProject, compiler: CCompiler, flags: readonly string[]): Unit {
  const { root, include } = guestFiles()
  const isCpp = CPP_ENDINGS.includes(extname(source))
  return {
    source,
    tool: `${compiler.name} ${compiler.version}`,
    command: (object, dependencies) => [
      ...(isCpp ? compiler.cxx : compiler.cc),
      '-mcmodel=medany',
      '-ffreestanding',
      '-fno-stack-protector',
      '-ffunction-sections',
      '-fdata-sections',
      ...(isCpp ? ['-std=c++20', '-fno-exceptions', '-fno-rtti', '-include', 'zisk.h'] : ['-std=gnu17']),
      '-g',
      // Debug information names no folder of this machine: the same sources give the same bytes.
      `-ffile-prefix-map=${project.root}=.`,
      `-ffile-prefix-map=${root}=zisk-guest`,
      `-I${include}`,
      ...flags,
      '-MD',
      '-MF',
      dependencies,
      '-c',
      source,
      '-o',
      object,
    ],
  }
}

/** Compiles what changed and links it with the guest library. */
export async function linkWithLibrary(
  project: GuestProject,
  context: BuildContext,
  parts: { readonly cpp: boolean; readonly units: (compiler: CCompiler) => readonly Unit[] },
): Promise<LanguageBuild> {
  const compiler = await findCCompiler(project.config.toolchain ?? 'zig', context)
  const state: BuildState = readState(project.cache)
  const options = { ...context, env: compiler.env, root: project.root, cache: project.cache }
  const units = [...libraryUnits(project, compiler, parts.cpp), ...parts.units(compiler)]
  const libraries = await compilerRt(compiler, context)
  try {
    const { products, compiled } = await makeObjects(units, state, options)
    const linked = await link(state, {
      ...options,
      compiler,
      elf: project.elf,
      objects: products,
      libraries,
      stackSize: project.config.stackSize,
      flags: project.config.linkFlags ?? [],
    })
    return {
      toolchain: { name: compiler.name, version: compiler.version },
      compiled,
      upToDate: compiled === 0 && !linked,
    }
  } finally {
    await writeState(project.cache, state)
  }
}
