/** From a program to its key: what a proof is bound to, and what `verify --program` names by its digest. */

import { join } from 'node:path'
import type { Pilout } from '@zisk/air'
import { romHash, romParameters, type ZiskRom } from '@zisk/core'
import { type CustomColumns, loadOrBuildCommit } from '@zisk/prover'
import { romTable } from '@zisk/sm-rom'
import type { ProgramKey } from '@zisk/verifier'
import type { ProverSession } from './prover-session.ts'

/** Name of the AIR and of its custom commit that hold the program. */
const ROM_AIR = 'Rom'
const ROM_COMMIT = 'rom'

/**
 * The key of a program. Its commitment is kept in the user's folder under the ROM, the setup
 * and the code that lays out and commits the columns.
 */
export async function programKeyOf(rom: ZiskRom, { key, madeWith, backend, home }: ProverSession): Promise<ProgramKey> {
  const { commit } = await loadOrBuildCommit({
    directory: join(home, 'programs'),
    identity: `${madeWith} ${Buffer.from(romHash(rom)).toString('hex')}`,
    key,
    backend,
    columns: () => programColumns(key.program, rom),
  })
  return { ...romParameters(rom), commits: [commit] }
}

function programColumns(machine: Pilout, rom: ZiskRom): CustomColumns {
  const table = romTable(rom)
  const byName: Readonly<Record<string, BigUint64Array>> = table.columns
  const air = machine.airGroups.flatMap(({ airs }) => airs).find(({ name }) => name === ROM_AIR)!
  const columns = air.customColumns.map(({ name }) => byName[name]!)
  return { commit: ROM_COMMIT, logRows: table.logRows, columns }
}
