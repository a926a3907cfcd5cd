/** Options of a job that the types of their values do not settle. */

import { ZiskError } from '@zisk/core'
import { PROFILES, type ProfileName } from '@zisk/verifier'

/** An option of a job whose value is none that it takes. */
export class JobOptionError extends ZiskError<'INVALID_JOB_OPTION'> {
  override readonly name = 'JobOptionError'
}

/** Options that several jobs have; see `ProveOptions`. */
interface JobOptions {
  readonly threads?: number | undefined
  readonly maxMemory?: number | undefined
  readonly shardCells?: number | undefined
  readonly profile?: ProfileName | undefined
}

/** @throws {JobOptionError} for a count that is no positive integer, or a profile that there is not */
export function checkJobOptions({ profile, ...counts }: JobOptions): void {
  const { threads, maxMemory, shardCells } = counts
  for (const [name, value] of Object.entries({ threads, maxMemory, shardCells }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw invalid(name, 'an integer from 1 on', String(value))
  const names = PROFILES.map((known) => known.name)
  if (profile !== undefined && !names.includes(profile)) throw invalid('profile', `one of ${names.join(', ')}`, profile)
}

function invalid(name: string, expected: string, got: string): JobOptionError {
  return new JobOptionError({
    code: 'INVALID_JOB_OPTION',
    message: `${name} expected ${expected}, got ${got}`,
    where: name,
    remedy: `Give ${expected}, or leave it out.`,
    exitStatus: 'usage',
  })
}
