import { copyFileSync } from 'node:fs'
import { BuildError, toolFailure } from '../build-error.ts'
import { fingerprint, isUnchanged } from '../compile/fingerprint.ts'
import { replaceFile } from '../files.ts'
import type { GuestProject } from '../project/project.ts'
import { findRust } from '../toolchain/rust.ts'
import { type CargoResult, cargoCommand, runCargo } from './cargo.ts'
import { crateInputs, crateKey, isCurrentCrate, readCrateState, writeCrateState } from './crate-state.ts'
import type { BuildContext, Language, LanguageBuild } from './language.ts'

/** Rust guests, with or without the standard library: cargo builds them, and is asked when something may have changed. */
export const rust: Language = { build: buildCrate }

async function buildCrate(project: GuestProject, context: BuildContext): Promise<LanguageBuild> {
  const old = readCrateState(project.cache)
  if (old !== undefined && isCurrentCrate(old, project, context.env)) return built(old.toolchain.version, true)
  const toolchain = await findRust(project.root, context.env, context.signal)
  const cargo = cargoCommand(project, context.env, toolchain)
  const startedMs = Date.now()
  const result = await runCargo(cargo, project, context)
  const program = fingerprint(programOf(result, project))
  const upToDate = old !== undefined && old.program === program.hash && isUnchanged(old.elf)
  if (!upToDate) await replaceFile(project.elf, (temporary) => copyFileSync(program.path, temporary))
  await writeCrateState(project.cache, {
    toolchain,
    key: crateKey(project, cargo),
    ...crateInputs(project, { cargo, toolchain, result, program: program.path, startedMs }),
    program: program.hash,
    elf: fingerprint(project.elf),
  })
  return built(toolchain.version, upToDate)
}

const built = (version: string, upToDate: boolean): LanguageBuild => ({
  toolchain: { name: 'cargo', version },
  compiled: undefined,
  upToDate,
})

/** Path of the program that cargo built. */
function programOf({ status, executable, output }: CargoResult, project: GuestProject): string {
  if (status === 0 && executable !== undefined) return executable
  const failure = new BuildError({
    code: 'COMPILE_FAILED',
    message:
      status === 0
        ? 'a crate with one program expected, got none'
        : `a crate that compiles expected, got exit status ${status} from cargo`,
    where: project.sources[0],
    remedy: status === 0 ? 'Add src/main.rs with zisk_guest::entrypoint!(main).' : 'Mend what cargo says.',
    details: { status, output },
  })
  throw toolFailure(output, project.cache, failure)
}
