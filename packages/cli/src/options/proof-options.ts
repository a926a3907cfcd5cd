/** What decides a proof beside program and input, and what it may take. */

import { availableParallelism } from 'node:os'
import { defaultHome, type PlanOptions } from '@zisk/sdk'
import type { ProfileName } from '@zisk/verifier'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { byteCountParser, choiceParser, countParser } from './integer-options.ts'
import { addRunOptions, chunkSizeFromOptions, type RunOptions, threadsFromOptions } from './run-options.ts'

/** Options of {@link addProofOptions}. */
export interface ProofOptions extends RunOptions {
  readonly profile: ProfileName
  readonly allowFailure?: boolean
  readonly shardCells?: number
  readonly maxMemory?: number
}

/** Fixed columns and the code alone take more than a smaller limit. */
const MIN_MEMORY = 2 ** 28

const PROFILE_NAMES: readonly ProfileName[] = ['std128', 'balanced128', 'small128', 'paranoid128', 'test']

/** Adds limits of the run, profile, shard size, memory, and whether a failed run counts. */
export function addProofOptions(command: Command): Command {
  return addRunOptions(command)
    .option(
      '--profile <name>',
      `${PROFILE_NAMES.join(', ')} (insecure)`,
      choiceParser('--profile', PROFILE_NAMES),
      PROFILE_NAMES[0],
    )
    .option(
      '--shard-cells <count>',
      'committed cells of a shard at most, such as 2^27; the same proof needs the same value',
      countParser('--shard-cells', 2 ** 10, 2 ** 40),
    )
    .option(
      '--max-memory <bytes>',
      'memory to use at most, such as 6G (default: ZISK_MAX_MEMORY); changes how, not what is proven',
      byteCountParser('--max-memory', MIN_MEMORY),
    )
    .option('--allow-failure', 'accept a run whatever exit code the guest ends with')
}

/** The options as the SDK takes them. */
export function proofOptions(options: ProofOptions, io: Io): PlanOptions & { readonly threads: number } {
  const { profile, shardCells, maxSteps, allowFailure, maxMemory = maxMemoryOf(io) } = options
  const threads = threadsFromOptions(options, io) ?? availableParallelism()
  const chunkSize = chunkSizeFromOptions(options, io)
  return { profile, shardCells, maxSteps, allowFailure, maxMemory, threads, chunkSize, home: defaultHome(io.env) }
}

function maxMemoryOf({ env }: Io): number | undefined {
  const value = env['ZISK_MAX_MEMORY']
  return value === undefined ? undefined : byteCountParser('ZISK_MAX_MEMORY', MIN_MEMORY)(value)
}
