/**
 * Writes `input.bin` and `expected.json` of the named cases (all when none is named). Expectations come from models in
 * TypeScript that know nothing of RISC-V; where qemu-riscv64 can run the guest it must agree.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQemu } from '../../packages/e2e/src/run-qemu.ts'
import type { Build, Case, Expectation } from './case.ts'
import { cases } from './cases.ts'

const ROOT = join(import.meta.dirname, '..')
/** A fault case may loop for ever: it gets this long. */
const TIMEOUT_SECONDS = 60

function describe(entry: Case): object {
  const elf = readFileSync(join(ROOT, entry.name, 'program.elf'))
  const expected = entry.model(entry.input)
  const seconds = compareWithQemu(entry, elf, entry.input, expected)
  console.log(`${entry.name}: ${seconds === undefined ? 'not run under qemu' : `qemu ${seconds.toFixed(2)} s`}`)
  return {
    description: entry.description,
    language: entry.build.language,
    toolchain: toolchain(entry.build),
    march: entry.build.march,
    ...publish(expected),
    checkedWithQemu: seconds !== undefined,
    ...(entry.bench && { bench: describeBench(entry, elf, entry.bench) }),
  }
}

function describeBench(entry: Case, elf: Uint8Array, input: Uint8Array): object {
  const expected = entry.model(input)
  const seconds = compareWithQemu(entry, elf, input, expected)
  console.log(`${entry.name}: qemu ${seconds?.toFixed(2)} s for the bench input`)
  return { input: Buffer.from(input).toString('hex'), ...publish(expected) }
}

/** The outputs without their trailing zeros. */
function publish(expected: Expectation): object {
  if ('fault' in expected) return expected
  const last = expected.outputs.findLastIndex((word) => word !== 0)
  return { ...expected, outputs: expected.outputs.slice(0, last + 1) }
}

function compareWithQemu(
  entry: Case,
  elf: Uint8Array,
  input: Uint8Array | undefined,
  expected: Expectation,
): number | undefined {
  if (entry.qemu === false || 'fault' in expected) return undefined
  const run = runQemu({ elf, timeoutSeconds: TIMEOUT_SECONDS, ...(input && { input }) })
  const outputs = Array.from({ length: 64 }, (_, i) => expected.outputs[i] ?? 0)
  const found = { exitCode: run.exitCode, outputs: run.outputs && [...run.outputs], uart: run.uart }
  const wanted = { exitCode: expected.exitCode, outputs, uart: expected.uart ?? '' }
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    const detail = `signal ${run.signal}\n  qemu:  ${JSON.stringify(found)}\n  model: ${JSON.stringify(wanted)}`
    throw new Error(`${entry.name}: qemu-riscv64 and the model disagree, ${detail}`)
  }
  return run.seconds
}

function toolchain(build: Build): string {
  const program = { gcc: 'riscv64-unknown-elf-gcc', clang: 'clang-19', cargo: '/usr/bin/rustc' }[build.compiler]
  const text = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? ''
  return text.split('\n')[0]!.trim()
}

function main(names: readonly string[]): void {
  for (const entry of cases.filter((candidate) => names.length === 0 || names.includes(candidate.name))) {
    const file = join(ROOT, entry.name, 'expected.json')
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {}
    // Steps and ROM digest are filled in by the emulator's own script.
    const { steps, romDigest } = before
    const kept = { ...(steps !== undefined && { steps }), ...(romDigest !== undefined && { romDigest }) }
    writeFileSync(file, `${JSON.stringify({ ...describe(entry), ...kept }, null, 2)}\n`)
    if (entry.input !== undefined) writeFileSync(join(ROOT, entry.name, 'input.bin'), entry.input)
  }
}

main(process.argv.slice(2))
