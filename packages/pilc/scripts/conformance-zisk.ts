/**
 * Compiles a user's copy of ZisK's PIL, unmodified, and compares the cells per row of its AIRs with the published costs.
 *
 *   pnpm conformance:zisk DIR [--std DIR] [--root FILE] [--release 0.18|1.1.0|1.4.0]
 *
 * DIR is a checkout of ZisK, or a folder of its published crates, unpacked side by side (zisk-pil-1.1.0-alpha, ...). The
 * standard library is looked for in `DIR/lib/std/pil` and in `pil2-proofman/pil2-components/lib/std/pil` beside DIR or
 * in it, unless it is named. The release decides which costs are expected; it is read from the sources unless it is
 * named. Exits with 1 when the program does not compile or an AIR costs more than is published. Where ZisK's setup gives
 * an AIR a blow-up of 2^b (`state-machines/starkstructs.json`) its constraints may have degree 2^b + 1, otherwise 3; the
 * cost shown is the least up to there.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cheapestAirCost, MAX_CONSTRAINT_DEGREE, type Pilout } from '@zisk/air'
import { compilePil, formatDiagnostic } from '@zisk/pilc'

type Cells = Readonly<Record<string, number>>

/** What the constants of all releases have in common, from `core/src/zisk_ops_costs.rs` and `emulator/src/emu_costs.rs`. */
const ALWAYS: Cells = {
  Binary: 60,
  Add256: 104,
  MemAlignReadByte: 25,
  MemAlignWriteByte: 32,
  Dma64Aligned: 77,
  Dma64AlignedMem: 50,
  Dma64AlignedMemCpy: 67,
  Dma64AlignedMemSet: 35,
  DmaUnaligned: 42,
  DmaPrePost: 104,
}

const UNTIL_1_1: Cells = {
  ...ALWAYS,
  Main: 68,
  Mem: 28,
  BinaryAdd: 25,
  Dma: 61,
  DmaInputCpy: 40,
  DmaMemCpy: 46,
  Dma64AlignedInputCpy: 58,
  DmaPrePostInputCpy: 59,
  DmaPrePostMemCpy: 91,
}

const SINCE_1_1: Cells = {
  ...ALWAYS,
  Arith: 97,
  ArithEq: 90,
  ArithEq384: 80,
  Sha256f: 122,
  Poseidon: 392,
  InputData: 29,
}

/**
 * Published cells per row by release. Left out are constants that do not describe the AIR of their release: Rom (since
 * 1.1.0 without its committed columns); in 1.1.0 BinaryExtension (one number for two AIRs), Blake2br (24 rows per round,
 * the AIR has 8) and MemAlign (that of 0.18); in 1.4.0 Blake2br (without the bus terms by which rounds are chained).
 * 0.18 has no constants for RomData and InputData.
 */
const PUBLISHED_CELLS: Readonly<Record<string, Cells>> = {
  '0.18': {
    ...UNTIL_1_1,
    Rom: 21,
    MemAlign: 53,
    MemAlignByte: 34,
    Arith: 95,
    BinaryExtension: 53,
    ArithEq: 89,
    ArithEq384: 79,
    Keccakf: 3022,
    Poseidon2: 75,
    Sha256f: 121,
    Blake2br: 205,
  },
  '1.1.0': {
    ...UNTIL_1_1,
    ...SINCE_1_1,
    RomData: 14,
    Keccakf: 3023,
    JumpDest: 63,
  },
  '1.4.0': {
    ...SINCE_1_1,
    Main: 245,
    Mem: 87,
    RomData: 22,
    MemAlign: 50,
    BinaryLarge: 114,
    BinaryHuge: 219,
    BinaryAdd: 26,
    BinaryAddLarge: 46,
    BinaryAddHuge: 83,
    BinaryAddHiHuge: 93,
    BinaryExtension: 58,
    BinaryExtensionLarge: 110,
    Arith256X: 54,
    ArithSecp256K1: 72,
    ArithBn254: 78,
    TwistedEdwards: 109,
    Keccakf: 615,
    Poseidon2KoalaBear: 499,
    Blake2s: 115,
    Blake3f: 221,
    Dma: 63,
    JumpDest: 66,
  },
}

const { values, positionals } = parseArgs({
  options: { std: { type: 'string' }, root: { type: 'string' }, release: { type: 'string' } },
  allowPositionals: true,
})
const [folder] = positionals
if (
  folder === undefined ||
  positionals.length > 1 ||
  !existsSync(folder) ||
  (values.release !== undefined && PUBLISHED_CELLS[values.release] === undefined)
) {
  const releases = Object.keys(PUBLISHED_CELLS).join('|')
  console.error(`usage: pnpm conformance:zisk DIR [--std DIR] [--root FILE] [--release ${releases}]`)
  process.exit(2)
}
const merged = mkdtempSync(join(tmpdir(), 'zisk-crates-'))
try {
  process.exitCode = run(resolve(folder), joinCrates(resolve(folder), merged))
} finally {
  rmSync(merged, { recursive: true })
}

/** The folder itself, or `target` with its crates at their places in ZisK's repository. */
function joinCrates(crates: string, target: string): string {
  if (existsSync(join(crates, 'pil/zisk.pil'))) return crates
  for (const name of readdirSync(crates)) {
    const info = join(crates, name, '.cargo_vcs_info.json')
    if (!name.startsWith('zisk-') || !existsSync(info)) continue
    const place: unknown = JSON.parse(readFileSync(info, 'utf8')).path_in_vcs
    // Only the places that hold PIL: nothing outside of the target.
    if (typeof place !== 'string' || !/^(pil|(state-machines|precompiles)\/[\w-]+)$/.test(place)) continue
    mkdirSync(dirname(join(target, place)), { recursive: true })
    symlinkSync(join(crates, name), join(target, place))
  }
  return target
}

function run(given: string, checkout: string): number {
  const inProofman = 'pil2-proofman/pil2-components/lib/std/pil'
  const candidates = [join(given, 'lib/std/pil'), join(given, '..', inProofman), join(given, inProofman)]
  const std = values.std ?? candidates.find((candidate) => existsSync(join(candidate, 'std_lookup.pil')))
  if (std === undefined) {
    console.error(`no standard library found (${candidates.join(', ')}): name it with --std`)
    return 2
  }
  const file = values.root ?? join(checkout, 'pil/zisk.pil')
  const include = [
    join(checkout, 'pil'),
    std,
    join(checkout, 'state-machines'),
    join(checkout, 'precompiles'),
    checkout,
  ]
  const start = performance.now()
  const { pilout, diagnostics } = compilePil({ file, include })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
  const processor = (process.cpuUsage().user / 1e6).toFixed(1)
  const outcome = pilout === undefined ? 'failed' : 'compiled'
  console.error(`${outcome} in ${seconds} s (${processor} s of processor time), ${megabytes()} MB`)
  return pilout === undefined ? 1 : report(pilout, releaseOf(checkout), degreesOf(checkout))
}

/** The release that the sources belong to, undefined when there are no published costs for it. */
function releaseOf(checkout: string): string | undefined {
  if (values.release !== undefined) return values.release
  const versions = ['Cargo.toml', 'pil/Cargo.toml']
    .map((name) => join(checkout, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => /^version = "(.*)"/m.exec(readFileSync(path, 'utf8'))?.[1] ?? [])
  return Object.keys(PUBLISHED_CELLS).find((release) => versions[0]?.startsWith(release))
}

/** Largest degree of the constraints of the AIRs for which ZisK's setup names a blow-up. */
function degreesOf(checkout: string): ReadonlyMap<string, number> {
  const file = join(checkout, 'state-machines/starkstructs.json')
  if (!existsSync(file)) return new Map()
  const settings: Record<string, { readonly blowupFactor?: number }> = JSON.parse(readFileSync(file, 'utf8'))
  return new Map(
    Object.entries(settings).flatMap(([air, { blowupFactor }]) =>
      blowupFactor === undefined ? [] : [[air, 2 ** blowupFactor + 1]],
    ),
  )
}

/** Prints one line per AIR; gives 1 when one costs more than is published. */
function report(program: Pilout, release: string | undefined, degrees: ReadonlyMap<string, number>): number {
  const cells = release === undefined ? {} : PUBLISHED_CELLS[release]!
  let equal = 0
  let cheaper = 0
  let dearer = 0
  console.log(`AIR                       rows   w1  stage2  added  degree  cells  published ${release ?? 'nowhere'}`)
  for (const group of program.airGroups) {
    for (const air of group.airs) {
      const cost = cheapestAirCost(program, air, degrees.get(air.name) ?? MAX_CONSTRAINT_DEGREE)
      const published = cells[air.name]
      if (published !== undefined) {
        if (published < cost.cellsPerRow) dearer++
        else if (published > cost.cellsPerRow) cheaper++
        else equal++
      }
      const numbers = [Math.log2(air.rows), cost.stage1, cost.stage2, cost.intermediates, cost.degree, cost.cellsPerRow]
      const widths = [6, 5, 8, 7, 8, 7]
      const row = numbers.map((n, i) => String(n).padStart(widths[i]!)).join('')
      console.log(`${air.name.padEnd(24)}${row}  ${verdict(cost.cellsPerRow, published)}`)
    }
  }
  console.log(`${equal} AIRs cost what is published, ${cheaper} less, ${dearer} more`)
  return dearer === 0 ? 0 : 1
}

function verdict(cells: number, published: number | undefined): string {
  if (published === undefined) return ''
  if (cells === published) return `${published} ok`
  return cells < published ? `${published}, ${published - cells} saved` : `${published} DIFFERS`
}

function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6)
}
