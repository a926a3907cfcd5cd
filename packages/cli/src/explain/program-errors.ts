/** Errors of ELF files and of transpiled programs. */
export const PROGRAM_ERRORS: Readonly<Record<string, string>> = {
  ELF_BAD_CLASS: 'The ELF is for a 32-bit machine; the machine is RV64. Build with `zisk build`, or for riscv64.',
  ELF_BAD_ENDIAN: 'The ELF is big-endian; the machine is little-endian.',
  ELF_BAD_ENTRY: 'The entry point of the ELF is no instruction of its code.',
  ELF_BAD_HEADER: 'A header of the ELF contradicts itself. The file is damaged, or was changed by hand.',
  ELF_BAD_MACHINE: 'The ELF is for another CPU than RISC-V. Cross-compile it: `zisk build` does.',
  ELF_BAD_MAGIC: 'The file is no ELF. Name the linked program, not its source or an archive.',
  ELF_BAD_TYPE: 'The ELF is of a kind that cannot be executed.',
  ELF_BAD_VERSION: 'The ELF has an unknown version number.',
  ELF_DYNAMIC: 'The ELF needs a dynamic linker. Link with -static.',
  ELF_MISMATCH: 'Segments and sections of the ELF disagree about its bytes. Link it again; do not edit it.',
  ELF_NO_CODE: 'The ELF has no executable bytes.',
  ELF_OUT_OF_REGION:
    'A part of the ELF lies where the machine has no memory. Link with the script of the guest library: code at 0x80000000, data at 0xa0030000.',
  ELF_OVERLAP: 'Two parts of the ELF lie on the same addresses.',
  ELF_OVERSIZE: 'The file is larger than any program of the machine can be.',
  ELF_RELOCATABLE: 'The file is an object (.o), not a linked program. Link it, or let `zisk build` do so.',
  ELF_TOO_SHORT: 'The file ends within the header of an ELF: it is empty or cut off.',
  ELF_TRUNCATED: 'The file ends before bytes that its headers promise: it is cut off.',
  ELF_WRITABLE_OUTSIDE_RAM: 'Writable data lies outside the RAM. Link with the script of the guest library.',
  ROM_BAD_DATA: 'The initial memory of a program file is malformed. Make it again with `zisk rom`.',
  ROM_BAD_HEADER: 'The header of a program file is malformed. Make it again with `zisk rom`.',
  ROM_BAD_INSTRUCTION: 'An instruction of a program file is malformed. Make it again with `zisk rom`.',
  ROM_BAD_JSON: 'The JSON form of a program is malformed. Make it again with `zisk rom`.',
  ROM_BAD_LENGTH: 'A program file is cut off, or goes on behind its end.',
  ROM_BAD_MAGIC: 'The file is no transpiled program.',
  ROM_BAD_VERSION: 'The program file was made by another version. Make it again with `zisk rom`.',
  ROM_DATA_OUT_OF_RANGE: 'Initial memory of the program lies where the machine has none.',
  ROM_LINK_OUT_OF_RANGE:
    'A return address of the program does not fit into its table. This is a defect of the transpiler; please report it.',
  ROM_TOO_LARGE:
    'The program has more instructions and initial data than a proof has room for: 2^21 rows, one for each instruction of the machine and for every 32 bytes. Give large data to the guest as input.',
}
