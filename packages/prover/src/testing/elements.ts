/** Every single value of a proof, with a way to change it: what tamper tests iterate over. */
import type { Proof } from '@zisk/verifier'

/** One value in a proof. */
export interface Element {
  /** `shards.0.evaluations.3.1` */
  readonly path: string
  readonly value: unknown
  /** A copy of the proof in which this value differs. */
  readonly tampered: () => Proof
  /** A copy of the proof with another value here. */
  readonly replaced: (value: unknown) => Proof
}

type Node = Record<string, unknown> | unknown[] | BigUint64Array | Uint8Array

/** All values of a proof, in order. */
export function elementsOf(proof: Proof): Element[] {
  const elements: Element[] = []
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      for (const key of Object.keys(value)) walk((value as Record<string, unknown>)[key], [...path, key])
      return
    }
    if (typeof value === 'string') return
    const replaced = (other: unknown) => changed(proof as unknown as Node, path, other) as unknown as Proof
    elements.push({ path: path.join('.'), value, tampered: () => replaced(change(value)), replaced })
  }
  walk(proof, [])
  return elements
}

function changed(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (node instanceof BigUint64Array) {
    const copy = node.slice()
    copy[Number(key)] = value as bigint
    return copy
  }
  const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as Record<string, unknown>
  copy[key] = changed(copy[key], rest, value)
  return copy
}

function change(value: unknown): unknown {
  if (typeof value === 'bigint') return value === 0n ? 1n : value - 1n
  if (typeof value === 'number') return value + 1
  const copy = (value as Uint8Array).slice()
  copy[5]! ^= 1
  return copy
}
