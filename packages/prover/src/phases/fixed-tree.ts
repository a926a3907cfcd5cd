/** The tree of fixed columns, which serves all shards of a run. */
import type { Commitment } from '../backend/backend.ts'
import { fixedMatrix } from '../setup.ts'
import type { Session } from './session.ts'

/** The tree, begun with the first shard that needs it. */
export function fixedTree(session: Session): Promise<Commitment> {
  session.fixed ??= commitFixed(session)
  return session.fixed
}

async function commitFixed({ request, backend, profile, hasher }: Session): Promise<Commitment> {
  const { prepared, originals } = request.key
  const loads = prepared.shapes.flatMap(({ index, fixed }) =>
    fixed.length > 0 ? [backend.load(fixedMatrix(originals[index]!, fixed))] : [],
  )
  // None goes on when this has failed.
  await Promise.allSettled(loads)
  return backend.commit(await Promise.all(loads), { logBlowup: profile.logBlowup, hasher })
}
