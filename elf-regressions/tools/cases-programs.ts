/** Compiled programs that do real work on an input. */
import { type Build, type Case, outputWords } from './case.ts'
import { hashChain, sha256Words } from './models/hashes.ts'
import { fibonacciModulo } from './models/number-theory.ts'
import { firstU64, frameRecords, frameU64, recordBytes } from './records.ts'

const C: Build = {
  language: 'C',
  compiler: 'gcc',
  march: 'rv64imac',
  sources: ['lib/runtime.c', 'lib/memory.c'],
}

const withSha256: Build = { ...C, sources: [...C.sources!, 'lib/sha256.c'] }

/** A program that takes a count as its only input. */
function counted(
  parts: Pick<Case, 'name' | 'description' | 'build'> & {
    readonly count: number
    readonly benchCount: number
    readonly outputs: (count: number) => number[]
  },
): Case {
  const { count, benchCount, outputs, ...rest } = parts
  return {
    ...rest,
    input: frameU64(count),
    bench: frameU64(benchCount),
    model: (input) => ({ exitCode: 0, outputs: outputs(firstU64(input!)) }),
  }
}

export const programCases: readonly Case[] = [
  counted({
    name: 'fibonacci',
    description: 'The n-th Fibonacci number modulo 2^61 - 1; outputs n and the number',
    build: C,
    count: 100_000,
    benchCount: 400_000_000,
    outputs: (n) => outputWords(BigInt(n), fibonacciModulo(n, (1n << 61n) - 1n)),
  }),
  counted({
    name: 'sha256-chain',
    description: 'SHA-256 applied n times to 32 zero bytes; outputs the digest words',
    build: withSha256,
    count: 100,
    benchCount: 1_500_000,
    outputs: (n) => {
      const digest = hashChain('sha256', n)
      return Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(4 * i))
    },
  }),
  {
    name: 'sha256-file',
    description: 'SHA-256 of the first input record; outputs the digest words and the length',
    build: withSha256,
    input: frameRecords(Buffer.from('ZisK proves that a RISC-V program ran correctly.\n'.repeat(40))),
    model: (input) => {
      const bytes = recordBytes(input!, 0)
      return { exitCode: 0, outputs: [...sha256Words(bytes), ...outputWords(BigInt(bytes.length))] }
    },
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
    input: frameU64(42),
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
