/** Prints the digests of proofs of fixed runs as JSON: what the determinism test compares between versions of Node. */
import { proofDigests, type Way } from '../src/determinism/proof-digests.ts'

const ways = process.argv.slice(2) as Way[]
console.log(JSON.stringify({ node: process.version, digests: await proofDigests(ways) }))
