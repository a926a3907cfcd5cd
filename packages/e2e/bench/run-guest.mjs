/**
 * Runs one guest with the built packages, as a process of its own: `node run-guest.mjs ELF INPUT VARIANT MAX_STEPS`.
 * Prints steps, seconds of the execution alone, exit word, outputs, recorded bytes and peak memory as JSON.
 */
import { readFileSync } from 'node:fs'
import { Emulator } from '@zisk/emulator'
import { readElf, transpile } from '@zisk/riscv2zisk'

const [elf, input, variant, maxSteps] = process.argv.slice(2)
const emulator = new Emulator({ executor: variant === 'interpreter' ? 'interpreter' : 'jit' })
emulator.loadRom(transpile(readElf(readFileSync(elf))))
let recordedBytes = 0
const start = performance.now()
const { outcome } = await emulator.execute({
  input: readFileSync(input),
  maxSteps: Number(maxSteps),
  ...(variant === 'trace'
    ? {
        lendsReads: true,
        onChunk: ({ reads }) => {
          recordedBytes += reads.byteLength
        },
      }
    : {}),
})
console.log(
  JSON.stringify({
    kind: outcome.kind,
    steps: outcome.steps,
    seconds: (performance.now() - start) / 1000,
    outputs: outcome.kind === 'exited' ? [...outcome.publics] : [],
    recordedBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
)
