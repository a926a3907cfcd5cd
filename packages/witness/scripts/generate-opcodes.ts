/** Writes `pil/opcodes.gen.pil`. */
import { writeFileSync } from 'node:fs'
import { opcodesPil } from '../src/opcodes-pil.ts'

writeFileSync(new URL('../../../pil/opcodes.gen.pil', import.meta.url), opcodesPil())
