import { dirname, extname } from 'node:path'
import { guestFiles } from '@zisk/guest'
import { BuildError } from '../build-error.ts'
import type { Unit } from '../compile/make-objects.ts'
import { filesBelow } from '../files.ts'
import type { Optimization } from '../project/config.ts'
import type { GuestProject } from '../project/project.ts'
import { type CCompiler, ZIG_TARGET } from '../toolchain/c-compiler.ts'
import { cUnits, linkWithLibrary } from './c-family.ts'
import type { Language } from './language.ts'

const MODE: Readonly<Record<Optimization, string>> = { speed: 'ReleaseSafe', size: 'ReleaseSmall', debug: 'Debug' }

/** Zig guests: `main.zig` is the root, what it imports is found by the compiler; C files may lie beside it. */
export const zig: Language = {
  build: async (project, context) => {
    const root = rootFile(project)
    return linkWithLibrary(project, context, {
      cpp: false,
      units: (compiler) => [zigUnit(root, project, compiler), ...cUnits(project, compiler)],
    })
  },
}

function zigUnit(root: string, project: GuestProject, compiler: CCompiler): Unit {
  const module = guestFiles().zigModule
  const { zig: toolchain } = compiler
  if (toolchain === undefined) throw zigNeeded(compiler)
  return {
    source: root,
    tool: toolchain.version,
    // An @embedFile can name any file below the root's folder.
    inputs: [module, ...filesBelow(dirname(root)).sort()],
    command: (object) => [
      toolchain.executable,
      'build-obj',
      ...ZIG_TARGET,
      '-mcmodel=medany',
      '-fno-strip',
      '-ffunction-sections',
      '-fdata-sections',
      '-O',
      MODE[project.config.optimize ?? 'speed'],
      ...(project.config.flags ?? []),
      `-femit-bin=${object}`,
      '--dep',
      'zisk',
      `-Mroot=${root}`,
      `-Mzisk=${module}`,
    ],
  }
}

function rootFile(project: GuestProject): string {
  const files = project.sources.filter((file) => extname(file) === '.zig')
  const main = files.find((file) => file.endsWith('main.zig')) ?? (files.length === 1 ? files[0] : undefined)
  if (main !== undefined) return main
  throw new BuildError({
    code: 'PROJECT_NOT_FOUND',
    message: `one root file main.zig expected, got ${files.length} others`,
    where: project.root,
    remedy: "Name the root main.zig, or give it as 'sources' of the configuration.",
    exitStatus: 'usage',
  })
}

function zigNeeded(compiler: CCompiler): BuildError {
  return new BuildError({
    code: 'CONFIG_INVALID',
    message: `toolchain zig expected for a Zig guest, got ${compiler.name}`,
    remedy: 'Leave --toolchain out.',
    exitStatus: 'usage',
  })
}
