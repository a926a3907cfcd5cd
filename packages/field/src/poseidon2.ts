/**
 * Poseidon2 over Goldilocks on bigints: the permutation, the sponge of leaves and the compression of nodes, as pil2 has
 * them. It is the verifier's hash under the recursive configuration and the oracle of the kernels.
 * Source: eprint 2023/323; pil2-proofman `fields/src/poseidon2`, `fields/src/merkle.rs`.
 */
import { type Felt, P } from './goldilocks.ts'
import { POSEIDON2_HALF_FULL_ROUNDS, type Poseidon2Width, poseidon2Parameters } from './poseidon2-parameters.ts'

/** Elements of a digest. */
export const POSEIDON2_DIGEST = 4

function seventhPower(x: Felt): Felt {
  const x2 = (x * x) % P
  const x4 = (x2 * x2) % P
  return (((x4 * x2) % P) * x) % P
}

/** Multiplies by the external matrix: each block of four by M4, then every block gets the sum of all blocks. */
function externalLayer(state: Felt[]): void {
  for (let i = 0; i < state.length; i += 4) {
    const [a, b, c, d] = [state[i]!, state[i + 1]!, state[i + 2]!, state[i + 3]!]
    state[i] = 5n * a + 7n * b + c + 3n * d
    state[i + 1] = 4n * a + 6n * b + c + d
    state[i + 2] = a + 3n * b + 5n * c + 7n * d
    state[i + 3] = a + b + 4n * c + 6n * d
  }
  const sums = [0n, 0n, 0n, 0n]
  for (const [i, x] of state.entries()) sums[i % 4]! += x
  for (const [i, x] of state.entries()) state[i] = (x + sums[i % 4]!) % P
}

/**
 * The permutation of 8, 12 or 16 canonical elements; the input is left alone.
 * @throws {RangeError} on any other width.
 */
export function poseidon2(input: readonly Felt[]): Felt[] {
  if (input.length !== 8 && input.length !== 12 && input.length !== 16) {
    throw new RangeError(`expected 8, 12 or 16 elements, got ${input.length}`)
  }
  const { full, partial, diagonal } = poseidon2Parameters(input.length)
  const state = [...input]
  externalLayer(state)
  const fullRound = (constants: readonly Felt[]): void => {
    for (const [i, x] of state.entries()) state[i] = seventhPower((x + constants[i]!) % P)
    externalLayer(state)
  }
  for (const constants of full.slice(0, POSEIDON2_HALF_FULL_ROUNDS)) fullRound(constants)
  for (const constant of partial) {
    state[0] = seventhPower((state[0]! + constant) % P)
    const sum = state.reduce((total, x) => total + x, 0n)
    for (const [i, x] of state.entries()) state[i] = (x * diagonal[i]! + sum) % P
  }
  for (const constants of full.slice(POSEIDON2_HALF_FULL_ROUNDS)) fullRound(constants)
  return state
}

/**
 * Digest of any number of elements: an overwriting sponge of `width` with capacity 4. The first four cells are carried
 * into the capacity before every block but the first; the last block is filled with zeros.
 */
export function poseidon2Hash(input: readonly Felt[], width: Poseidon2Width = 16): Felt[] {
  const rate = width - POSEIDON2_DIGEST
  let state = new Array<Felt>(width).fill(0n)
  for (let start = 0; start < input.length; start += rate) {
    const carry = start === 0 ? [0n, 0n, 0n, 0n] : state.slice(0, POSEIDON2_DIGEST)
    const block = input.slice(start, start + rate)
    state = poseidon2([...block, ...new Array<Felt>(rate - block.length).fill(0n), ...carry])
  }
  return state.slice(0, POSEIDON2_DIGEST)
}

/**
 * Digest of a node from the digests of its children, which fill the state: two children have width 8, three 12, four 16.
 * @throws {RangeError} on any other number of children.
 */
export function poseidon2Node(children: readonly (readonly Felt[])[]): Felt[] {
  return poseidon2(children.flat()).slice(0, POSEIDON2_DIGEST)
}
