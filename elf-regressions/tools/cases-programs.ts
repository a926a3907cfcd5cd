/** Compiled programs that do real work on an input. */
import { createHash } from 'node:crypto'
import { type Build, type Case, type Expectation, outputWords } from './case.ts'
import { matrixOutputs, memoryCopyOutputs, primeOutputs, quicksortOutputs } from './models/arrays.ts'
import { hashMapOutputs } from './models/hash-map.ts'
import { hashChain, sha256Words } from './models/hashes.ts'
import { interpretedProgram, interpreterExpectation } from './models/interpreter.ts'
import { jsonDocument, jsonExpectation } from './models/json.ts'
import { fibonacciModulo, repeatedPower } from './models/number-theory.ts'
import { firstU64, frameRecords, frameU64s, littleEndian, recordBytes } from './records.ts'

const C: Build = {
  language: 'C',
  compiler: 'gcc',
  march: 'rv64imac',
  sources: ['lib/runtime.c', 'lib/memory.c'],
}
const WITH_CLANG: Build = { ...C, compiler: 'clang' }
const CPP: Build = { ...C, language: 'C++', flags: ['-fno-exceptions'] }
const WITH_SHA256: Build = { ...C, sources: [...C.sources!, 'lib/sha256.c'] }

/** A program that takes a few u64 in one record. */
function counted(
  parts: Pick<Case, 'name' | 'description' | 'build'> & {
    readonly counts: readonly number[]
    readonly bench?: readonly number[]
    readonly outputs: (...counts: readonly number[]) => number[]
  },
): Case {
  const { counts, bench, outputs, ...rest } = parts
  return {
    ...rest,
    input: frameU64s(...counts),
    ...(bench && { bench: frameU64s(...bench) }),
    model: (input) => ({ exitCode: 0, outputs: outputs(...u64Words(recordBytes(input!, 0))) }),
  }
}

function u64Words(bytes: Uint8Array): number[] {
  return [...new BigUint64Array(Uint8Array.from(bytes).buffer)].map(Number)
}

export const programCases: readonly Case[] = [
  counted({
    name: 'fibonacci',
    description: 'The n-th Fibonacci number modulo 2^61 - 1; outputs n and the number',
    build: C,
    counts: [100_000],
    bench: [400_000_000],
    outputs: (n) => outputWords(BigInt(n!), fibonacciModulo(n!, (1n << 61n) - 1n)),
  }),
  counted({
    name: 'sha256-chain',
    description: 'SHA-256 applied n times to 32 zero bytes; outputs the digest words',
    build: WITH_SHA256,
    counts: [100],
    bench: [2_600_000],
    outputs: (n) => {
      const digest = hashChain('sha256', n!)
      return Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(4 * i))
    },
  }),
  counted({
    name: 'keccak-chain',
    description:
      'SHA3-256 (Keccak-f[1600]) applied n times to 32 zero bytes; outputs the digest in little-endian words',
    build: C,
    counts: [50],
    bench: [330_000],
    outputs: (n) => {
      const digest = hashChain('sha3-256', n!)
      return Array.from({ length: 8 }, (_, i) => digest.readUInt32LE(4 * i))
    },
  }),
  counted({
    name: 'quicksort',
    description: 'Sorts arrays of pseudo-random 64-bit numbers (clang); outputs a checksum and three elements',
    build: WITH_CLANG,
    counts: [3000, 1],
    bench: [1_000_000, 20],
    outputs: (elements, arrays) => quicksortOutputs(elements!, arrays!),
  }),
  counted({
    name: 'matrix-product',
    description:
      'Powers of a 48 x 48 matrix of 32-bit numbers (clang, without compressed code); outputs trace, sum and corners',
    build: { ...WITH_CLANG, march: 'rv64im' },
    counts: [2],
    bench: [12_000],
    outputs: (products) => matrixOutputs(products!),
  }),
  counted({
    name: 'sieve',
    description: 'Sieve of Eratosthenes; outputs number, sum and largest of the primes below the limit',
    build: { ...C, march: 'rv64im' },
    counts: [50_000, 1],
    bench: [100_000, 5000],
    outputs: (limit) => primeOutputs(limit!),
  }),
  counted({
    name: 'sieve-long',
    description: 'The sieve with a limit that takes more than 100 million steps and 16 MiB of RAM',
    build: { ...C, march: 'rv64im', sources: [...C.sources!, 'sieve/main.c'] },
    counts: [16_000_000, 1],
    outputs: (limit) => primeOutputs(limit!),
  }),
  counted({
    name: 'memory-copy',
    description:
      'memcpy, memmove, memset and unaligned word copies between all alignments; outputs a hash and the bytes written',
    build: { ...C, flags: ['-mno-strict-align', '-fno-tree-loop-distribute-patterns'] },
    counts: [5],
    bench: [55_000],
    outputs: (repetitions) => memoryCopyOutputs(repetitions!),
  }),
  counted({
    name: 'hash-map',
    description:
      'Insertions, look-ups and removals in a hash map with open addressing; outputs sums, hits and entries left',
    build: CPP,
    counts: [5000],
    bench: [90_000_000],
    outputs: (operations) => hashMapOutputs(operations!),
  }),
  {
    name: 'interpreter',
    description: 'Runs a program in a small language by recursive descent (clang); prints its output, outputs its hash',
    build: { ...CPP, compiler: 'clang' },
    input: frameRecords(Buffer.from(interpretedProgram(14))),
    bench: frameRecords(Buffer.from(interpretedProgram(33))),
    model: (input) => {
      const size = /^n = (\d+);/m.exec(Buffer.from(recordBytes(input!, 0)).toString())![1]
      return { exitCode: 0, ...interpreterExpectation(Number(size)) }
    },
  },
  {
    name: 'json',
    description: 'Parses a JSON document, prints it again with printf of picolibc; outputs counts of its parts',
    build: {
      ...C,
      sources: ['lib/runtime.c'],
      flags: ['--specs=picolibc.specs', '-DPICOLIBC_INTEGER_PRINTF_SCANF', '-Wl,--defsym=vfprintf=__i_vfprintf'],
    },
    input: jsonInput(8, 1),
    bench: jsonInput(8, 75_000),
    model: (input) => {
      const text = Buffer.from(recordBytes(input!, 0)).toString()
      return { exitCode: 0, ...jsonExpectation(text, u64Words(recordBytes(input!, 1))[0]!) }
    },
  },
  {
    name: 'modexp',
    description: 'Modular exponentiation with Montgomery products; outputs the low 512 bits of the result',
    build: C,
    input: modexpInput(1, 32),
    bench: modexpInput(130, 256),
    model: modexpExpectation,
  },
  {
    name: 'sha256-file',
    description: 'SHA-256 of the first input record; outputs the digest words and the length',
    build: WITH_SHA256,
    input: frameRecords(Buffer.from('ZisK proves that a RISC-V program ran correctly.\n'.repeat(40))),
    model: (input) => {
      const bytes = recordBytes(input!, 0)
      return { exitCode: 0, outputs: [...sha256Words(bytes), ...outputWords(BigInt(bytes.length))] }
    },
  },
  {
    name: 'old-memory-map',
    description: 'A guest of ZisK 0.12: SHA-256 of raw input at 0x9000_0000, no ABI note; outputs as sha256-file',
    build: { ...C, sources: ['lib/memory.c', 'lib/sha256.c'], start: [] },
    input: Buffer.from('Neither a length nor padding, but the bytes as they are in a file'),
    qemu: false,
    model: (input) => ({
      exitCode: 0,
      exitBound: false,
      outputs: [...sha256Words(input!), ...outputWords(BigInt(input!.length))],
    }),
  },
  {
    name: 'large-bss',
    description: 'An array of 64 MiB of which few pages are touched',
    build: C,
    model: () => {
      let sum = 5n
      for (let i = 0n; i < 8n << 20n; i += 999_983n) sum += i + 1n
      return { exitCode: 0, outputs: outputWords(sum, 0n) }
    },
  },
  {
    name: 'exit-code',
    description: 'Returns its input as the exit code',
    build: C,
    input: frameU64s(42),
    model: (input) => {
      const code = firstU64(input!)
      return { exitCode: code, outputs: [...Array<number>(62).fill(0), ...outputWords(BigInt(code))] }
    },
  },
  {
    name: 'exit-panic',
    description: 'A failed check: message on the UART, exit code 1',
    build: C,
    model: () => ({ exitCode: 1, outputs: [0, 3, 5, 4], uart: 'panic: the values are not in order\n' }),
  },
]

function jsonInput(entries: number, repetitions: number): Uint8Array {
  return frameRecords(Buffer.from(jsonDocument(entries)), littleEndian(BigInt(repetitions), 8))
}

/** Pseudo-random base, exponent and odd modulus. */
function modexpInput(repetitions: number, bytes: number): Uint8Array {
  const [base, exponent, modulus] = ['base', 'exponent', 'modulus'].map((label) => {
    const blocks = Array.from({ length: bytes / 32 }, (_, i) => createHash('sha256').update(`${label} ${i}`).digest())
    return Uint8Array.from(Buffer.concat(blocks))
  })
  modulus![0]! |= 1
  modulus![bytes - 1]! |= 0x80
  base![bytes - 1]! &= 0x7f
  return frameRecords(littleEndian(BigInt(repetitions), 8), base!, exponent!, modulus!)
}

function modexpExpectation(input: Uint8Array | undefined): Expectation {
  const numbers = [1, 2, 3].map((index) => {
    const bytes = Uint8Array.from(recordBytes(input!, index)).reverse()
    return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  })
  const [base, exponent, modulus] = numbers
  const result = repeatedPower(base!, exponent!, modulus!, firstU64(input!))
  const limbs = Array.from({ length: 8 }, (_, i) => (result >> BigInt(64 * i)) & 0xffff_ffff_ffff_ffffn)
  return { exitCode: 0, outputs: outputWords(...limbs) }
}
