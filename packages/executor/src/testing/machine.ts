import { fileURLToPath } from 'node:url'
import type { Pilout } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'

const folder = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const MACHINES = ['main', 'rom', 'mem', 'mem-align', 'binary', 'arith']

/** The whole machine, `pil/zisk.pil`. */
export function compileMachine(): Pilout {
  const include = ['pil', 'pil/std', ...MACHINES.map((name) => `packages/state-machines/${name}/pil`)]
  return compilePilOrThrow({ file: folder('pil/zisk.pil'), include: include.map(folder) })
}
