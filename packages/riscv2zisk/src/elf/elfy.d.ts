/** The part of elfy 1.0.0 that is used; it ships no types. */
declare module 'elfy' {
  /** 64-bit fields are rounded to doubles. */
  interface ElfyHeader {
    readonly entry: number
    readonly phoff: number
    readonly shoff: number
    readonly flags: number
    readonly phentsize: number
    readonly phnum: number
    readonly shentsize: number
    readonly shnum: number
    readonly shstrndx: number
  }

  interface ElfyProgram {
    /** `undefined` for types that elfy does not know. */
    readonly type: string | undefined
    readonly offset: number
    readonly vaddr: number
    readonly filesz: number
    readonly memsz: number
    readonly flags: { readonly r?: true; readonly w?: true; readonly x?: true }
  }

  interface ElfySection {
    /** Offset in the section name table. */
    readonly name: number
    readonly type: string | number
    readonly addr: number
    readonly off: number
    readonly size: number
    readonly link: number
    readonly info: number
  }

  class Parser {
    parseHeader(file: Buffer): ElfyHeader
    parsePrograms(file: Buffer, header: ElfyHeader): ElfyProgram[]
    parseSections(file: Buffer, header: ElfyHeader): ElfySection[]
  }

  const elfy: { readonly Parser: typeof Parser }
  export = elfy
}
