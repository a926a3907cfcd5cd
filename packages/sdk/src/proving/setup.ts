/** Makes ready what proofs need: the keys of the machine, and the key of a program. */

import type { CacheOutcome } from '@zisk/prover'
import { programDigest } from '@zisk/verifier'
import type { Program } from '../program.ts'
import { programKeyOf } from './program-key.ts'
import { type HostOptions, withProverSession } from './prover-session.ts'

/** What {@link setup} made ready. */
export interface SetupReport {
  /** Names the machine: the same in every proof that this version makes. */
  readonly setupDigest: Uint8Array
  /** The verifying key, for verifiers elsewhere. */
  readonly verifyingKey: Uint8Array
  readonly airs: number
  /** Whether the keys were at hand. */
  readonly cache: CacheOutcome
  readonly home: string
  /** Names the program, when one was given: what a verifier has to be told. */
  readonly programDigest?: Uint8Array
}

/** Makes the keys ready, and a program's when one is given. Everything else in this package does so by itself. */
export function setup(program?: Program, options: HostOptions = {}): Promise<SetupReport> {
  return withProverSession(options, async (session) => {
    const { key, cache, home } = session
    return {
      setupDigest: key.prepared.digest,
      verifyingKey: key.verifyingKey,
      airs: key.originals.length,
      cache,
      home,
      ...(program === undefined ? {} : { programDigest: programDigest(await programKeyOf(program.rom, session)) }),
    }
  })
}
