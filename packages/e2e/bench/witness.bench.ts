/**
 * The witness of real guests: COUNT, PLAN and EXPAND beside writing the same columns with zeros, and beside replaying the
 * trace once without looking at it. Processor time is compared on any machine; wall time needs idle cores.
 *
 * Usage: pnpm bench witness [--guests keccak-chain,quicksort] [--threads 1,2] [--runs 3] [--smoke]
 */

import { parseArgs } from 'node:util'
import { processorMs } from '@zisk/core/processor-ms'
import { decodeRom, replayChunk } from '@zisk/emulator'
import { planRun } from '@zisk/executor'
import { readElf, transpile } from '@zisk/riscv2zisk'
import { loadFixtures } from '../src/fixtures.ts'
import { compileZisk } from '../src/forgery/zisk-machine.ts'
import { against, peakBytes, writeResults } from './proving/child.ts'

const { values: flags } = parseArgs({
  options: {
    guests: { type: 'string', default: 'keccak-chain,quicksort,hash-map' },
    threads: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '3' },
    smoke: { type: 'boolean', default: false },
  },
})
const guests = flags.smoke ? ['exit-code'] : flags.guests.split(',')
const runs = flags.smoke ? 1 : Number(flags.runs)
/** Steps per second of processor time, of one core, that keep the witness below 15 % of a proof. */
const LEAST_STEPS_PER_SECOND = 400_000

const program = compileZisk()
const fixtures = loadFixtures()
const results: object[] = []

/** One witness, instance by instance, as a prover asks for it. */
async function witnessOnce(rom: Parameters<typeof planRun>[1], input: Uint8Array | undefined, threads: number) {
  const [wallStart, cpuStart] = [performance.now(), processorMs()]
  const plan = await planRun(program, rom, { input, threads })
  const planned = performance.now()
  let bytes = 0
  for (const position of plan.instances.keys()) {
    const { witness } = await plan.source.instance(position)
    for (const column of witness) bytes += column?.byteLength ?? 0
  }
  const result = {
    steps: plan.steps,
    bytes,
    chunks: plan.chunks,
    planMs: planned - wallStart,
    expandMs: performance.now() - planned,
    cpuMs: processorMs() - cpuStart,
  }
  await plan.close()
  return result
}

/** Processor time of filling fresh columns of so many bytes. */
function fillMs(bytes: number): number {
  const start = processorMs()
  const block = 2 ** 23
  for (let done = 0; done < bytes; done += block) new BigUint64Array(new SharedArrayBuffer(block)).fill(1n)
  return processorMs() - start
}

for (const name of guests) {
  const { elf, input } = fixtures.find((fixture) => fixture.name === name)!
  const rom = transpile(readElf(elf))
  for (const threads of flags.threads.split(',').map(Number)) {
    let best = await witnessOnce(rom, input, threads)
    for (let run = 1; run < runs; run++) {
      const next = await witnessOnce(rom, input, threads)
      if (next.cpuMs < best.cpuMs) best = next
    }
    const { steps, bytes, chunks, ...times } = best
    const decoded = decodeRom(rom.instructions)
    const replayStart = processorMs()
    for (const chunk of chunks) replayChunk(decoded, chunk)
    const replay = processorMs() - replayStart
    const fill = fillMs(bytes)
    const perSecond = (1000 * steps) / times.cpuMs
    console.log(`${name}: ${steps} steps, ${(bytes / 2 ** 20).toFixed(0)} MiB of columns, threads: ${threads}`)
    console.log(`  wall             plan ${times.planMs.toFixed(0)} ms, expand ${times.expandMs.toFixed(0)} ms`)
    console.log(
      `  processor time   ${times.cpuMs.toFixed(0)} ms, ${against(perSecond / 1000, { least: LEAST_STEPS_PER_SECOND / 1000 }, 0)} steps/ms`,
    )
    console.log(`  fill / time      ${(fill / times.cpuMs).toFixed(2)}: ${fill.toFixed(0)} ms to fill as many bytes`)
    console.log(
      `  replay / time    ${(replay / times.cpuMs).toFixed(2)}: ${replay.toFixed(0)} ms to replay the trace once`,
    )
    results.push({ name, threads, steps, bytes, ...times, fillMs: fill, replayMs: replay, peakBytes: peakBytes() })
  }
}
writeResults('witness.json', { results })
