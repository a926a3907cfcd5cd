/**
 * Times each stage of an ELF file on the way to a ROM and its hash, for 4 MiB of code: the text of a committed program
 * over and over, and random encodings, which no memo helps with. Least time of several runs, and nanoseconds per ZisK
 * instruction.
 *
 * Usage: node --conditions=zisk-source --import tsx packages/riscv2zisk/bench/transpile.bench.ts [--json] [--quick]
 */

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { decodeRom, encodeRom, romHash } from '@zisk/core'
import { readElf, transpile } from '../src/index.ts'
import { buildElf, TEXT_ADDRESS } from '../src/testing/build-elf.ts'
import { createRandom } from '../src/testing/mutate-elf.ts'

const { values: flags } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const runs = flags.quick === true ? 2 : 7
const codeBytes = flags.quick === true ? 1 << 18 : 4 << 20

const asElf = (text: Uint8Array) => buildElf({ segments: [{ flags: 5, address: TEXT_ADDRESS, bytes: text }] })

/** A real program's text, repeated. */
function repeatedText(): Uint8Array {
  const url = new URL('../../../elf-regressions/rust-std/program.elf', import.meta.url)
  const program = readElf(new Uint8Array(readFileSync(url)))
  const text = program.regions.find((region) => region.executable)!.bytes
  return Uint8Array.from({ length: codeBytes }, (_, i) => text[i % text.length]!)
}

function randomText(): Uint8Array {
  const random = createRandom(1)
  return Uint8Array.from({ length: codeBytes }, () => random(256))
}

interface Measurement {
  readonly id: string
  readonly ms: number
  readonly nsPerInstruction: number
}

const measurements: Measurement[] = []

function measure<T>(id: string, work: () => T, count: (result: T) => number): T {
  let least = Number.POSITIVE_INFINITY
  let result = work()
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    result = work()
    least = Math.min(least, performance.now() - start)
  }
  measurements.push({ id, ms: least, nsPerInstruction: (1e6 * least) / count(result) })
  return result
}

for (const [name, text] of [
  ['program', repeatedText()],
  ['random', randomText()],
] as const) {
  const file = asElf(text)
  const elf = readElf(file)
  const rom = measure(
    `transpile ${name}`,
    () => transpile(elf),
    (result) => result.instructions.length,
  )
  const count = () => rom.instructions.length
  measure(`read ELF ${name}`, () => readElf(file), count)
  const encoded = measure(`encode ROM ${name}`, () => encodeRom(rom), count)
  measure(`decode ROM ${name}`, () => decodeRom(encoded), count)
  // A copy, because the hash of a ROM is computed only once.
  measure(`hash ROM ${name}`, () => romHash({ ...rom }), count)
}

if (flags.json === true) console.log(JSON.stringify({ codeBytes, measurements }))
else {
  for (const { id, ms, nsPerInstruction } of measurements) {
    console.log(
      `${id.padEnd(24)} ${ms.toFixed(1).padStart(8)} ms ${nsPerInstruction.toFixed(1).padStart(8)} ns/instruction`,
    )
  }
}
