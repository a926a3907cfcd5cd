import type { GuestProject } from '../project/project.ts'
import type { Environment } from '../toolchain/environment.ts'
import type { InstallProgress } from '../toolchain/install-zig.ts'

/** What a language gets beside the project. */
export interface BuildContext {
  /** The user's folder of toolchains. */
  readonly home: string
  readonly env: Environment
  readonly signal: AbortSignal | undefined
  /** Whether a missing toolchain may be installed. */
  readonly install: boolean
  readonly onInstall: ((progress: InstallProgress) => void) | undefined
  /** Gets the compilers' messages untouched. */
  readonly onDiagnostics: (text: string) => void
}

/** What a language did to bring a project's ELF up to date. */
export interface LanguageBuild {
  /** The compiler's name and version. */
  readonly toolchain: { readonly name: string; readonly version: string }
  /** Source files compiled now; `undefined` when the language's own build tool does not say. */
  readonly compiled: number | undefined
  /** Whether there was nothing to do. */
  readonly upToDate: boolean
}

/** How guests of one language are built. A further language is one file with one of these, and a row of `languages.ts`. */
export interface Language {
  /** Brings `project.elf` up to date, or throws and leaves an older one as it was. */
  build(project: GuestProject, context: BuildContext): Promise<LanguageBuild>
}
