/** Compiles what changed, as many files at a time as there are cores. */

import { renameSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { makeFolder } from '@zisk/core/make-folder'
import { BuildError, throwIfInterrupted, toolFailure, writeError } from '../build-error.ts'
import { removeIfThere, temporaryName } from '../files.ts'
import type { Environment } from '../toolchain/environment.ts'
import { type BuildState, isCurrent, type Product } from './build-state.ts'
import { readDependencies } from './dependencies.ts'
import { fingerprint, hashTexts } from './fingerprint.ts'
import { runTool } from './run-tool.ts'

/** One source file and the command that makes its object. */
export interface Unit {
  readonly source: string
  /** Version of the compiler. */
  readonly tool: string
  /** The command, given where the object and the list of files that were read go. */
  readonly command: (object: string, dependencies: string) => readonly string[]
  /** Files that are read, for compilers that write no list. */
  readonly inputs?: readonly string[]
}

export interface MakeOptions {
  readonly root: string
  /** Folder of the objects. */
  readonly cache: string
  readonly env: Environment
  readonly signal: AbortSignal | undefined
  readonly onDiagnostics: (text: string) => void
}

/** The objects of some units, in their order, and how many of them were compiled now. */
export interface MadeObjects {
  readonly products: readonly Product[]
  readonly compiled: number
}

/**
 * Brings the objects of all units up to date. `state` is updated with every object made, also when another one fails.
 *
 * @throws {BuildError} `COMPILE_FAILED` when a compiler ends with an error; its messages went to `onDiagnostics`
 */
export async function makeObjects(
  units: readonly Unit[],
  state: BuildState,
  options: MakeOptions,
): Promise<MadeObjects> {
  try {
    makeFolder(options.cache)
  } catch (error) {
    throw writeError(error, options.cache)
  }
  const products: Product[] = []
  const failures: unknown[] = []
  let compiled = 0
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < units.length; i = next++) {
      const unit = units[i]!
      const key = hashTexts(unit.tool, ...unit.command('', ''), ...(unit.inputs ?? []))
      const old = state[unit.source]
      if (isCurrent(old, key)) {
        products[i] = old
        continue
      }
      try {
        products[i] = state[unit.source] = await compile(unit, key, options)
        compiled++
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), units.length) }, work))
  throwIfInterrupted(options.signal)
  if (failures.length > 0) throw failures[0]
  return { products, compiled }
}

async function compile(unit: Unit, key: string, options: MakeOptions): Promise<Product> {
  const { root, env, signal, onDiagnostics } = options
  const object = join(options.cache, `${basename(unit.source)}-${hashTexts(unit.source).slice(0, 12)}.o`)
  const temporary = temporaryName(object)
  const dependencies = `${temporary}.d`
  try {
    const { status, output } = await runTool({ command: unit.command(temporary, dependencies), cwd: root, env, signal })
    if (output !== '') onDiagnostics(output)
    if (status !== 0) {
      const failure = new BuildError({
        code: 'COMPILE_FAILED',
        message: `a program that compiles expected, got exit status ${status} from the compiler`,
        where: unit.source,
        remedy: 'Mend what the compiler says.',
        details: { status, output },
      })
      throw toolFailure(output, object, failure)
    }
    const inputs = unit.inputs ?? readDependencies(dependencies, root)
    const known = inputs.map(fingerprint)
    renameSync(temporary, object)
    return { key, inputs: known, output: fingerprint(object) }
  } catch (error) {
    throw writeError(error, object)
  } finally {
    removeIfThere(temporary)
    removeIfThere(dependencies)
  }
}
