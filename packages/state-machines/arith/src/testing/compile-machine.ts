import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Pilout } from '@zisk/air'
import { type Claim, machineSource, pushClaims } from '@zisk/air-testkit'
import { compilePilOrThrow } from '@zisk/pilc'
import { OperationInputs } from '@zisk/witness'

/** Compiles machines of this package with a client of the operation bus. */
export function compileMachine(files: readonly string[], body: string): Pilout {
  return compilePilOrThrow(machineSource({ files, body, folders: ['packages/state-machines/arith/pil'] }))
}

/** The same without one statement of a file: for tests that have to notice. */
export function compileWithout(file: string, statement: string, body: string): Pilout {
  const source = machineSource({ files: [file], body, folders: [] })
  const folder = fileURLToPath(new URL('../../pil/', import.meta.url))
  const text = readFileSync(folder + file, 'utf8')
  if (!text.includes(statement)) throw new RangeError(`${file} has no ${statement}`)
  const product = readFileSync(`${folder}arith_product.pil`, 'utf8')
  const sources = { ...source.sources, [file]: text.replace(statement, ''), 'arith_product.pil': product }
  return compilePilOrThrow({ ...source, sources })
}

/** The operands of claims, as a machine receives them. */
export function inputsOf(claims: readonly Claim[]): OperationInputs {
  return pushClaims(new OperationInputs(), claims)
}
