import { romHash } from '@zisk/core'
import { type ExecutorKind, execute, loadProgram, locate } from '@zisk/sdk'
import type { Expected, Fixture } from './fixtures.ts'

/** Enough for every regular run, few enough to stop an endless loop soon. */
const MAX_STEPS = 1_000_000_000
const ENDLESS_MAX_STEPS = 1_000_000

/** What a machine made of a fixture, in the terms of its `expected.json`. */
export type Observed = Pick<Expected, 'exitCode' | 'exitBound' | 'outputs' | 'uart' | 'fault' | 'steps' | 'romDigest'>

/** Runs a fixture with its own input and describes the result as far as the expectation goes into detail. */
export async function runFixture(fixture: Fixture, executor?: ExecutorKind): Promise<Observed> {
  const program = loadProgram(fixture.elf)
  const text: Uint8Array[] = []
  const { outcome } = await execute(program, {
    input: fixture.input && { kind: 'framed', bytes: fixture.input },
    executor,
    maxSteps: fixture.expected.fault?.code === 'STEP_LIMIT' ? ENDLESS_MAX_STEPS : MAX_STEPS,
    onText: (bytes) => {
      text.push(Uint8Array.from(bytes))
    },
  })
  const uart = Buffer.concat(text).toString('utf8')
  const common = { steps: outcome.steps, romDigest: Buffer.from(romHash(program.rom)).toString('hex') }
  switch (outcome.kind) {
    case 'exited': {
      const outputs = [...outcome.publics]
      return {
        exitCode: Number(outcome.exitWord),
        ...(program.rom.exitMode === 'unbound' && { exitBound: false }),
        outputs: outputs.slice(0, outputs.findLastIndex((word) => word !== 0) + 1),
        ...(uart !== '' && { uart }),
        ...common,
      }
    }
    case 'fault': {
      const { fault } = outcome
      const place = locate(program, Number(fault.pc))
      const wanted = fixture.expected.fault
      return {
        fault: {
          code: fault.code,
          ...(wanted?.symbol !== undefined && { symbol: place.offset === 0 ? place.symbol! : `${place.symbol}+` }),
          ...(wanted?.function !== undefined && { function: place.symbol! }),
          ...(wanted?.source !== undefined && { source: `${place.file}:${place.line}` }),
          ...(wanted?.address !== undefined && { address: `0x${(fault.address ?? fault.pc).toString(16)}` }),
        },
        ...(uart !== '' && { uart }),
        ...common,
      }
    }
    default:
      return { fault: { code: outcome.kind === 'stepLimit' ? 'STEP_LIMIT' : 'ABORTED' }, ...common }
  }
}
