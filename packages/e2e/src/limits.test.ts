import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { processorMs } from '@zisk/core/processor-ms'
import { execute, loadProgram } from '@zisk/sdk'
import { describe, expect, test } from 'vitest'
import { addi, ECALL, jalr, jType } from './differential/encode.ts'
import { guestElf } from './differential/guest-elf.ts'
import { FIXTURES_FOLDER } from './fixtures.ts'

const CODE_BYTES = 4 << 20
const X0 = 0
const RA = 1
const A0 = 10
const A7 = 17

/** A guest whose 4 MiB of code are functions of four instructions, each of which calls the next one. */
function guestOfTinyFunctions(): Uint8Array {
  const words = new Uint32Array(CODE_BYTES / 4)
  words.set([addi(A7, X0, 93), ECALL])
  for (let at = 4; at < words.length; at += 4) {
    words.set([addi(A0, A0, at & 0x7ff), jType(RA, 12), addi(A0, A0, 1), jalr(X0, RA, 0)], at)
  }
  const code = new Uint8Array(words.buffer)
  return guestElf({ codeAddress: 0x8000_0000, code, dataAddress: 0xa003_0000, data: new Uint8Array(8) })
}

describe('limits of time and memory', () => {
  test('a program of 4 MiB executes its first instruction within 1.5 s', async () => {
    const elf = guestOfTinyFunctions()
    // Processor time, because other tests share the cores. A warm-up would hide the start that is measured.
    const before = processorMs()
    const program = loadProgram(elf)
    const { outcome } = await execute(program, { maxSteps: 1 })
    const spent = processorMs() - before
    expect(outcome).toMatchObject({ kind: 'stepLimit', steps: 1 })
    expect(spent).toBeLessThan(1500)
  })

  test('a run of more than 100 M steps that keeps its whole minimal trace stays below 1.5 GB', () => {
    const script = `
      import { readFileSync } from 'node:fs'
      import { execute, loadProgram } from ${JSON.stringify(import.meta.resolve('@zisk/sdk'))}
      const kept = []
      const program = loadProgram(readFileSync('program.elf'))
      const input = { kind: 'framed', bytes: readFileSync('input.bin') }
      const onChunk = (chunk) => void kept.push(chunk)
      const { outcome } = await execute(program, { input, maxSteps: 120_000_000, onChunk })
      console.log(JSON.stringify({
        steps: outcome.steps, chunks: kept.length, peakBytes: process.resourceUsage().maxRSS * 1024 }))`
    const run = spawnSync(
      process.execPath,
      ['--conditions=zisk-source', '--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
      { cwd: join(FIXTURES_FOLDER, 'sieve-long'), encoding: 'utf8' },
    )
    expect(run.status, run.stderr).toBe(0)
    const { steps, chunks, peakBytes } = JSON.parse(run.stdout) as { steps: number; chunks: number; peakBytes: number }
    expect(steps).toBe(120_000_000)
    expect(chunks).toBe(Math.ceil(steps / 2 ** 18))
    expect(peakBytes).toBeLessThan(1.5e9)
  })

  test('memory of the host grows with the pages that the guest touches, not with its address space', async () => {
    const program = loadProgram(guestOfTinyFunctions())
    const before = process.memoryUsage().rss
    const { machine } = await execute(program, { maxSteps: 1 })
    expect(machine.memory.memory.buffer.byteLength).toBeGreaterThanOrEqual(3 * 2 ** 30)
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
  })
})
