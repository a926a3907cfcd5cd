/** The programs that exist in TypeScript and in C, and how many steps both take. */

import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { REPO_ROOT } from '../workspace.ts'
import { build, type GuestRun, runGuest } from './build-and-run.ts'

/** A program of `guests/` and the size it is given as its input. */
export interface Kernel {
  readonly name: string
  readonly size: number
}

/** Kernels whose mean cost has a limit. */
export interface CostGroup {
  readonly title: string
  /** Steps of TypeScript for one of C, in the geometric mean. */
  readonly limit: number
  readonly kernels: readonly Kernel[]
}

export const COST_GROUPS: readonly CostGroup[] = [
  {
    title: 'integers and arrays',
    limit: 2.5,
    kernels: [
      { name: 'sieve', size: 20_000 },
      { name: 'quicksort', size: 4000 },
      { name: 'matrix', size: 32 },
      { name: 'sha256', size: 40 },
    ],
  },
  {
    title: 'Map, strings and objects',
    limit: 5,
    kernels: [
      { name: 'map', size: 4000 },
      { name: 'words', size: 2000 },
      { name: 'text', size: 1000 },
      { name: 'tree', size: 3000 },
    ],
  },
]

/**
 * Builds a kernel, unless that was done, from a copy below `folder`, so that nothing is left behind, and runs it. One after
 * the other: all share the objects of the guest library.
 */
export async function runKernel(folder: string, { name, size }: Kernel, ending: 'c' | 'ts'): Promise<GuestRun> {
  const path = join(folder, 'kernels', `${name}.${ending}`)
  const output = join(folder, `${name}-${ending}.elf`)
  if (!existsSync(output)) {
    mkdirSync(dirname(path), { recursive: true })
    copyFileSync(join(REPO_ROOT, 'packages/e2e/guests', name, `${name}.${ending}`), path)
    await build(path, { name: 'kernel', output })
  }
  return runGuest(output, [new Uint8Array(Uint32Array.of(size).buffer)])
}

/**
 * Steps of a kernel in both languages.
 *
 * @throws {Error} when the outputs differ, or there are none
 */
export async function measureKernel(
  folder: string,
  kernel: Kernel,
): Promise<{ readonly c: number; readonly typescript: number }> {
  const [c, typescript] = [await runKernel(folder, kernel, 'c'), await runKernel(folder, kernel, 'ts')]
  const same = c.exitCode === 0 && typescript.exitCode === 0 && isDeepStrictEqual(c.outputs, typescript.outputs)
  if (!same || c.outputs.length === 0) {
    const of = ({ exitCode, outputs }: GuestRun): string => `exit code ${exitCode}, outputs ${outputs.join(' ')}`
    throw new Error(`${kernel.name}: equal outputs expected, got ${of(c)} in C and ${of(typescript)} in TypeScript`)
  }
  return { c: c.execution.outcome.steps, typescript: typescript.execution.outcome.steps }
}

export const geometricMean = (values: readonly number[]): number =>
  values.reduce((product, value) => product * value, 1) ** (1 / values.length)
