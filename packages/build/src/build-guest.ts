/** Builds one guest program: finds the project, compiles what changed, links. */

import type { BuildContext, LanguageBuild } from './languages/language.ts'
import { LANGUAGE } from './languages/languages.ts'
import type { GuestConfig, LanguageName } from './project/config.ts'
import { resolveProject } from './project/project.ts'

/** What to build and how. */
export interface BuildOptions extends Partial<Omit<BuildContext, 'home'>>, Pick<BuildContext, 'home'> {
  /** A project folder or one source file; the current folder when absent. */
  readonly path?: string | undefined
  /** Settings that win over those of `zisk.config.ts`; paths are relative to the current folder. */
  readonly config?: GuestConfig | undefined
}

/** A built guest program. */
export interface BuildResult extends LanguageBuild {
  /** Absolute path. */
  readonly elf: string
  readonly name: string
  readonly language: LanguageName
  readonly seconds: number
}

/**
 * Brings a guest program's ELF up to date.
 *
 * @throws {BuildError} with the compiler's messages in `details.output` when the program does not compile; an older
 * ELF is then as it was
 */
export async function buildGuest(options: BuildOptions): Promise<BuildResult> {
  const started = performance.now()
  const project = await resolveProject(options.path ?? '.', options.config ?? {})
  const context: BuildContext = {
    home: options.home,
    env: options.env ?? process.env,
    signal: options.signal,
    install: options.install ?? true,
    onInstall: options.onInstall,
    onDiagnostics: options.onDiagnostics ?? (() => {}),
  }
  const built = await LANGUAGE[project.language].build(project, context)
  const seconds = (performance.now() - started) / 1000
  return { elf: project.elf, name: project.name, language: project.language, ...built, seconds }
}
