import { outputWords } from '../case.ts'
import { createXorshift, XORSHIFT_SEED } from './xorshift.ts'

export function quicksortOutputs(elements: number, arrays: number): number[] {
  const random = createXorshift()
  const values = new BigUint64Array(elements)
  let checksum = 0n
  for (let array = 0; array < arrays; array++) {
    for (let i = 0; i < elements; i++) values[i] = random()
    values.sort()
    values.forEach((value, i) => {
      checksum = BigInt.asUintN(64, checksum + value * BigInt(i + 1))
    })
  }
  return outputWords(checksum, values[0]!, values[elements >> 1]!, values[elements - 1]!)
}

const N = 48

/** The matrix to the power, by squaring; the guest multiplies one factor at a time. */
export function matrixOutputs(products: number): number[] {
  let factor = square((i, j) => 2 * (i * 7919 + j * 104729) + Number(i === j))
  let power = square((i, j) => Number(i === j))
  for (let rest = products; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, factor)
    factor = multiply(factor, factor)
  }
  let trace = 0
  for (let i = 0; i < N; i++) trace += power[i * N + i]!
  const sum = power.reduce((total, value) => total + value, 0)
  const corners = [0, N - 1, N * (N - 1), N * N - 1].map((index) => power[index]!)
  return [trace >>> 0, sum >>> 0, ...corners].map((value) => value >>> 0)
}

function square(element: (i: number, j: number) => number): Uint32Array {
  return Uint32Array.from({ length: N * N }, (_, index) => element(Math.floor(index / N), index % N))
}

function multiply(a: Uint32Array, b: Uint32Array): Uint32Array {
  return square((i, j) => {
    let sum = 0
    for (let k = 0; k < N; k++) sum = (sum + Math.imul(a[i * N + k]!, b[k * N + j]!)) | 0
    return sum
  })
}

/** Primes by trial division through the primes found so far, which no sieve shares. */
export function primeOutputs(limit: number): number[] {
  const primes: number[] = []
  let sum = 0n
  for (let candidate = 2; candidate < limit; candidate++) {
    let index = 0
    while (primes[index]! ** 2 <= candidate && candidate % primes[index]! !== 0) index++
    if (!(primes[index]! ** 2 <= candidate)) primes.push(candidate)
  }
  for (const prime of primes) sum += BigInt(prime)
  return outputWords(BigInt(primes.length), sum, BigInt(primes.at(-1) ?? 0))
}

const SIZE = 512

export function memoryCopyOutputs(repetitions: number): number[] {
  const random = createXorshift(XORSHIFT_SEED)
  const first = new Uint8Array(SIZE)
  const second = new Uint8Array(SIZE)
  let hash = 0xcbf29ce484222325n
  let written = 0n
  for (let round = 0; round < repetitions; round++) {
    for (let i = 0; i < SIZE; i++) first[i] = Number(random() & 0xffn)
    for (let to = 0; to < 8; to++) {
      for (let from = 0; from < 8; from++) {
        const n = Number(random() % 200n)
        second.set(first.slice(from, from + n), to)
        first.set(second.slice(from, from + n), 256 + to)
        second.set(first.slice(to, to + n), 256 + from)
        first.copyWithin(32 + to, 32 + from, 32 + from + n)
        second.copyWithin(32 + from, 36 + to, 36 + to + n)
        first.fill((from * 17) & 0xff, 300 + to, 300 + to + (n >> 2))
        written += BigInt(5 * n + (n >> 2))
      }
    }
    const words = [first, second].map((bytes) => new BigUint64Array(bytes.buffer))
    for (let i = 0; i < SIZE / 8; i++) {
      for (const buffer of words) hash = BigInt.asUintN(64, (hash ^ buffer[i]!) * 0x100000001b3n)
    }
  }
  return outputWords(hash, written)
}
