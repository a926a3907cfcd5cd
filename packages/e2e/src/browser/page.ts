/** The script of the page: verifies proofs that it fetches, with nothing but the verifier's package. */
import { prepareVerifyingKey, verify } from '@zisk/verifier'

/** A proof at an address, and the digest of the program it must be about. */
export interface PageRequest {
  readonly path: string
  readonly digest: readonly number[]
}

/** Error code of a proof, or `ok`, and the milliseconds of the call. */
export interface PageOutcome {
  readonly outcome: string
  readonly ms: number
}

async function load(path: string): Promise<Uint8Array> {
  const response = await fetch(path)
  return new Uint8Array(await response.arrayBuffer())
}

async function verifyAll(requests: readonly PageRequest[]): Promise<PageOutcome[]> {
  const key = prepareVerifyingKey(await load('/key'))
  const outcomes: PageOutcome[] = []
  for (const { path, digest } of requests) {
    const bytes = await load(path)
    const start = performance.now()
    const result = verify(bytes, key, { programDigest: Uint8Array.from(digest), acceptInsecure: true })
    outcomes.push({ outcome: result.ok ? 'ok' : result.error.code, ms: performance.now() - start })
  }
  return outcomes
}

Object.assign(globalThis, { verifyAll })
