/** What the last build of a project made, so that the next one makes only what changed. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceText } from '../files.ts'
import { type Fingerprint, fingerprintSchema, isUnchanged } from './fingerprint.ts'

/** One file that a build made, from what. */
export interface Product {
  /** Hash of the command and the versions of the tools. */
  readonly key: string
  /** Every file that was read. */
  readonly inputs: readonly Fingerprint[]
  readonly output: Fingerprint
}

/** Products by name: the source's path, or `elf`. */
export type BuildState = Record<string, Product>

const productSchema = z.object({ key: z.string(), inputs: z.array(fingerprintSchema), output: fingerprintSchema })
const stateSchema = z.record(z.string(), productSchema)

const statePath = (cache: string): string => join(cache, 'state.json')

/** The state of the last build; empty when there was none or it cannot be read, since it may be deleted at any time. */
export function readState(cache: string): BuildState {
  try {
    const result = stateSchema.safeParse(JSON.parse(readFileSync(statePath(cache), 'utf8')))
    return result.success ? result.data : {}
  } catch {
    return {}
  }
}

export function writeState(cache: string, state: BuildState): Promise<void> {
  return replaceText(statePath(cache), JSON.stringify(state))
}

/** Whether a product can be used again: same command, same inputs, and the output is as it was made. */
export function isCurrent(product: Product | undefined, key: string): product is Product {
  return product?.key === key && isUnchanged(product.output) && product.inputs.every(isUnchanged)
}
