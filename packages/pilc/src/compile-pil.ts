import { basename, normalize } from 'node:path'
import type { Pilout } from '@zisk/air'
import { evaluateProgram } from './eval/evaluator.ts'
import { DEFAULT_LIMITS, type PilLimits } from './eval/limits.ts'
import { formatDiagnostic, type PilDiagnostic } from './source/diagnostic.ts'
import { FileFinder } from './source/file-finder.ts'
import { PilError } from './source/pil-error.ts'
import { SourceFile } from './source/source-file.ts'
import { standardLibrary } from './standard-library.ts'

/** What to compile. */
export interface CompilePilOptions {
  /** Root file. */
  readonly file: string
  /**
   * Folders searched for included files, after the folder of the including file and before those that the program names
   * itself (`#pragma include_path`). The standard library of this package is searched last, so that a folder with another
   * one takes its place.
   */
  readonly include?: readonly string[]
  /** Texts by path; a path found here is not read from disk. */
  readonly sources?: Readonly<Record<string, string>>
  /** Name of the program; the base name of the file without `.pil` when absent. */
  readonly name?: string
  /** Takes each line of `println`; dropped when absent. */
  readonly output?: (line: string) => void
  readonly limits?: Partial<PilLimits>
  /** False runs every loop in the interpreter: slow, and the oracle of the loop compiler. Default true. */
  readonly compileLoops?: boolean
}

/** A compiled program with what was found on the way. */
export interface CompilePilResult {
  /** Absent when a diagnostic is an error. */
  readonly pilout: Pilout | undefined
  readonly diagnostics: readonly PilDiagnostic[]
}

/**
 * Compiles a PIL2 program. Total: every text ends in a program or in diagnostics, within the limits.
 *
 * Fixed columns stay lazy: their values are made when the program that comes back is asked for them.
 */
export function compilePil(options: CompilePilOptions): CompilePilResult {
  const files = new FileFinder({
    folders: options.include ?? [],
    standardLibrary: standardLibrary(),
    sources: options.sources ?? {},
  })
  const text = files.read(options.file)
  if (text === undefined) return { pilout: undefined, diagnostics: [missingRoot(options.file)] }
  const name = options.name ?? basename(options.file).replace(/\.pil$/, '')
  const { pilout, diagnostics } = evaluateProgram(name, new SourceFile(normalize(options.file), text), {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    output: options.output ?? (() => undefined),
    compileLoops: options.compileLoops ?? true,
    files,
  })
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  return { pilout: failed ? undefined : pilout, diagnostics }
}

/**
 * Compiles a program that is expected to be right.
 *
 * @throws PilError PIL_COMPILE_FAILED with the text of every diagnostic.
 */
export function compilePilOrThrow(options: CompilePilOptions): Pilout {
  const { pilout, diagnostics } = compilePil(options)
  if (pilout !== undefined) return pilout
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  throw new PilError({
    code: 'PIL_COMPILE_FAILED',
    message: `${options.file} does not compile:\n${errors.map(formatDiagnostic).join('\n')}`,
  })
}

function missingRoot(file: string): PilDiagnostic {
  return {
    severity: 'error',
    code: 'PIL_FILE_NOT_FOUND',
    message: `cannot find ${file}`,
    file,
    line: 0,
    column: 0,
    excerpt: '',
    remedy: undefined,
    trail: [],
  }
}
