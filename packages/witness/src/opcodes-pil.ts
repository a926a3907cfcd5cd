import { OPCODES } from '@zisk/core'

/** The text of `pil/opcodes.gen.pil`: a constant per operation of the instruction set, `OP_` and its name. */
export function opcodesPil(): string {
  const lines = OPCODES.map(({ code, name }) => {
    const value = code.toString(16).toUpperCase().padStart(2, '0')
    return `const int OP_${name.toUpperCase()} = 0x${value};\n`
  })
  return `// Codes of all operations. Generated from the table of @zisk/core: do not edit.\n${lines.join('')}`
}
