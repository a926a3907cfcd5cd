/** Guests in Rust, with and without its standard library. */
import type { Build, Case } from './case.ts'
import { collatzExpectation, wordCountExpectation } from './models/rust.ts'
import { firstU64, frameRecords, frameU64s, littleEndian, recordBytes } from './records.ts'

const RUST: Build = { language: 'Rust', compiler: 'cargo', march: 'rv64ima' }

const TEXT = `ZisK ist eine virtuelle Maschine. It runs a program, records what the program did, and proves that the program ran
correctly. The proof is small, the check of the proof is quick, and whoever checks the proof needs neither the program's
input nor the machine. Größe, naïve Köche, Ωmega and 数字 are words too; the 4 numbers 1 22 333 4444 as well.
`

function textInput(repetitions: number): Uint8Array {
  return frameRecords(Buffer.from(TEXT), littleEndian(BigInt(repetitions), 8))
}

export const rustCases: readonly Case[] = [
  {
    name: 'rust-no-std',
    description: 'Rust without std: Collatz sequences in a BTreeMap, format!, u128, atomics and soft-float printing',
    build: { ...RUST, march: 'rv64imac', library: 'core' },
    input: frameU64s(1000),
    bench: frameU64s(4_500_000),
    model: (input) => ({ exitCode: 0, ...collatzExpectation(firstU64(input!)) }),
  },
  {
    name: 'rust-std',
    description: 'Rust with std: counts words of a text in a HashMap and prints the most frequent ones',
    build: { ...RUST, library: 'std' },
    input: textInput(1),
    bench: textInput(100_000),
    model: (input) => {
      const text = Buffer.from(recordBytes(input!, 0)).toString()
      const repetitions = Number(Buffer.from(recordBytes(input!, 1)).readBigUInt64LE())
      return { exitCode: 0, ...wordCountExpectation(text, repetitions) }
    },
  },
  {
    name: 'rust-panic',
    description: 'A panic in Rust with std: message on the UART, exit code 101',
    build: { ...RUST, library: 'std' },
    input: frameU64s(3),
    model: () => ({
      exitCode: 101,
      outputs: [3],
      uart: "\nthread 'main' (1) panicked at src/main.rs:9:26:\nindex out of bounds: the len is 3 but the index is 10\n",
    }),
  },
]
