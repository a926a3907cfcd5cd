/** Accesses at the ends of the regions of memory: inside they have a witness, beyond they fault. */
import { type AddressRange, MEMORY_MAPS } from '@zisk/core'
import { Emulator } from '@zisk/emulator'
import { describe, expect, test } from 'vitest'
import { addi, iType, loadAddress, sType } from '../differential/encode.ts'
import { tinyGuest } from '../forgery/tiny-guest.ts'
import { compileZisk } from '../forgery/zisk-machine.ts'
import { RunChecker } from './check-run.ts'

const checker = new RunChecker(compileZisk())
/** Smallest chunks and instances. */
const SMALL = { chunkSize: 1024, maxLogRows: { main: 10, mem: 10, operations: 10 } }
const [A0, A1, A2] = [10, 11, 12]
const INPUT = MEMORY_MAPS['v0.18'].input

describe('both ends of every region', () => {
  const { ram, rom } = MEMORY_MAPS['v0.18']
  /** Loads and stores by width in bytes. */
  const LOADS = { 1: 4, 2: 5, 4: 6, 8: 3 } as const
  const STORES = { 1: 0, 2: 1, 4: 2, 8: 3 } as const
  const WIDTHS = [1, 2, 4, 8] as const
  const load = (width: 1 | 2 | 4 | 8, address: number) => [
    ...loadAddress(A1, address),
    iType(0x03, LOADS[width], A0, A1, 0),
  ]
  const store = (width: 1 | 2 | 4 | 8, address: number) => [
    ...loadAddress(A1, address),
    sType(0x23, STORES[width], A1, A2, 0),
  ]
  const end = ({ start, size }: AddressRange): number => start + size

  test('RAM: accesses of every width at its first and last bytes, aligned and not', async () => {
    const at = WIDTHS.flatMap((width) =>
      [ram.start, ram.start + 1, end(ram) - width - 1, end(ram) - width].map((address) => [width, address] as const),
    )
    const code = at.flatMap(([width, address]) => [...store(width, address), ...load(width, address)])
    const { report } = await checker.check(tinyGuest([...loadAddress(A2, 0x1234_5678), ...code, addi(A0, 0, 0)]), SMALL)
    expect(report).toContain('all hold')
  })

  test('read-only data and input: reads of every width at their first and last bytes', async () => {
    const words = 8
    const input = Uint8Array.from({ length: 8 * words }, (_, i) => (i === 0 ? 8 * (words - 1) : i < 8 ? 0 : i))
    const at = WIDTHS.flatMap((width) => [
      ...[INPUT.start, INPUT.start + 1, INPUT.start + 8 * (words + 2) - width].map(
        (address) => [width, address] as const,
      ),
      ...[rom.start, rom.start + 1].map((address) => [width, address] as const),
    ])
    const code = at.flatMap(([width, address]) => load(width, address))
    const { report } = await checker.check(tinyGuest([...code, addi(A0, 0, 0)]), { ...SMALL, input })
    expect(report).toContain('all hold')
  })

  const beyond = WIDTHS.flatMap((width) => [
    ...[ram, INPUT].flatMap((region) => [
      [load(width, region.start - 1), `load of ${width} before ${region.start.toString(16)}`] as const,
      [load(width, end(region) - width + 1), `load of ${width} behind ${region.start.toString(16)}`] as const,
    ]),
    [store(width, ram.start - 1), `store of ${width} before RAM`] as const,
    [store(width, end(ram) - width + 1), `store of ${width} behind RAM`] as const,
    [load(width, rom.start - 1), `load of ${width} across the start of ROM`] as const,
    [load(width, end(rom) - width + 1), `load of ${width} behind ROM`] as const,
    [store(width, rom.start), `store of ${width} into ROM`] as const,
    [store(width, INPUT.start), `store of ${width} into the input`] as const,
  ])
  test.each(beyond.map(([code, name]) => [name, code] as const))('%s faults', async (_, code) => {
    for (const executor of ['interpreter', 'jit'] as const) {
      const emulator = new Emulator({ executor })
      emulator.loadRom(tinyGuest([...code, addi(A0, 0, 0)]))
      const { outcome } = await emulator.execute({ maxSteps: 10_000 })
      expect(outcome.kind).toBe('fault')
    }
  })

  test('no region ends where another begins: an access across would have a proof', () => {
    for (const map of Object.values(MEMORY_MAPS)) {
      const regions = [map.ram, map.rom, map.input]
      for (const region of regions) expect(regions.map(({ start }) => start)).not.toContain(end(region))
    }
  })
})
