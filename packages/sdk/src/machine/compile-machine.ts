/** The machine in a source checkout: compiled from its PIL text. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Pilout } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'

const ROOT = new URL('../../../../', import.meta.url)
const STATE_MACHINES = ['main', 'rom', 'mem', 'mem-align', 'binary', 'arith']
/** Folders of the machine's PIL text. */
const SOURCES = ['pil/', 'pil/std/', ...STATE_MACHINES.map((name) => `packages/state-machines/${name}/pil/`)]
/** Packages whose code decides what the compiled machine, its keys and the commitments of programs are. */
const COMPILERS = ['core', 'field', 'air', 'pilc', 'prover', 'verifier', 'state-machines/rom']
/** Packages whose code decides, beside those, what a run of a program consists of. */
const EXECUTORS = ['emulator', 'witness', ...STATE_MACHINES.map((name) => `state-machines/${name}`), 'executor']

/** Compiles `pil/zisk.pil`. @throws PilError. */
export function compileMachine(): Pilout {
  return compilePilOrThrow({ file: fileURLToPath(new URL('pil/zisk.pil', ROOT)) })
}

/** Digest of everything that keys and commitments are made from, in hex: PIL text and the code of the compilers. */
export function machineIdentity(): string {
  return identityOf(COMPILERS)
}

/** Digest of everything that chunks, plans and columns of a run are made from, in hex. */
export function runCodeIdentity(): string {
  return identityOf([...COMPILERS, ...EXECUTORS])
}

/** Digest of the PIL text and of the code of some packages. */
function identityOf(packages: readonly string[]): string {
  const hash = createHash('sha256')
  const add = (folder: string, suffix: string): void => {
    const names = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((name) => name.endsWith(suffix) && !name.endsWith('.test.ts')).sort()) {
      const content = readFileSync(new URL(folder + name, ROOT))
      hash.update(`${folder}${name}:${content.length}:`).update(content)
    }
  }
  for (const folder of SOURCES) add(folder, '.pil')
  for (const name of packages) add(`packages/${name}/src/`, '.ts')
  return hash.digest('hex')
}
