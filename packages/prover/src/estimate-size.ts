/** The size of a proof from its layout alone, for machines that are too large to prove in a test. */
import { openingSize, type Profile, projectPositions, type ShardLayout, treeShape } from '@zisk/verifier'

/** Bytes of the parts of a proof that grow with it. */
export interface ExpectedSize {
  readonly rows: number
  readonly paths: number
  readonly folding: number
  readonly evaluations: number
  readonly total: number
}

const FELT_BYTES = 8
const EXT_BYTES = 24
const DIGEST_BYTES = 32

/** The size for random query positions; other positions change it by less than two percent. */
export function expectedSize(layout: ShardLayout, profile: Profile): ExpectedSize {
  const positions = randomPositions(profile.queries, layout.logPositions)
  let rows = 0
  let paths = 0
  for (const { shape } of layout.trees) {
    const opened = projectPositions(positions, layout.logPositions, shape.levels[0]!.logLength)
    const { words, siblings } = openingSize(shape, opened)
    rows += FELT_BYTES * words
    paths += DIGEST_BYTES * siblings
  }
  let folding = 0
  let known = positions
  for (const { logDegree, logArity } of layout.folding.rounds) {
    const logLength = logDegree + layout.logBlowup - logArity
    const folded = projectPositions(known, logArity, 0)
    const { siblings } = openingSize(treeShape([{ logLength, width: 0 }]), folded)
    folding += EXT_BYTES * (2 ** logArity * folded.length - known.length) + DIGEST_BYTES * (siblings + 1)
    known = folded
  }
  folding += EXT_BYTES * 2 ** layout.folding.logFinalDegree
  const evaluations = EXT_BYTES * layout.evaluations
  return { rows, paths, folding, evaluations, total: rows + paths + folding + evaluations }
}

/** Sorted, distinct positions from a fixed seed. */
function randomPositions(count: number, log: number): number[] {
  let state = 0x9e3779b9
  const draw = (): number => {
    state = (Math.imul(state ^ (state >>> 16), 0x45d9f3b) + 0x6a09e667) | 0
    return ((state ^ (state >>> 15)) >>> 0) % 2 ** log
  }
  return [...new Set(Array.from({ length: count }, draw))].sort((x, y) => x - y)
}
