import { fileURLToPath } from 'node:url'
import type { Pilout } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'

/** The whole machine, `pil/zisk.pil`. */
export function compileMachine(): Pilout {
  return compilePilOrThrow({ file: fileURLToPath(new URL('../../../../pil/zisk.pil', import.meta.url)) })
}
