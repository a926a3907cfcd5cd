export type { ErrorDetail, ExitStatusName, ZiskErrorJson, ZiskErrorOptions } from './errors.ts'
export { EXIT_STATUS, hex, ZiskError } from './errors.ts'
export type { FileErrorCode } from './file-error.ts'
export { diskFull, FileError, fileError } from './file-error.ts'
export { blake3, blake3Node } from './hash/blake3.ts'
export type { HaltCauseName } from './isa/halt-cause.ts'
export { HALT_CAUSE, haltCauseName } from './isa/halt-cause.ts'
export type { OpcodeInfo, OpcodeType } from './isa/opcodes.ts'
export { OP, OPCODES, opcodeByCode, opcodeByName } from './isa/opcodes.ts'
export type { OperationResult } from './isa/semantics.ts'
export { evaluateOperation, isPureOperation } from './isa/semantics.ts'
export {
  CSR_MARCHID,
  CSR_MTVEC,
  FCALL_CSR_COUNT,
  FCALL_CSR_FIRST,
  FCALL_GET_CSR,
  FCALL_NAMES,
  FCALL_PARAM_CSR_FIRST,
  FCALL_PARAM_WORDS,
  MARCHID_ZISK,
  PRECOMPILE_CSRS,
  SYSTEM_CSR_FIRST,
} from './isa/system-calls.ts'
export type { AddressRange, MemoryMap, MemoryMapName } from './memory-map.ts'
export { ADDRESS, EXIT_CODE_PUBOUT_INDEX, MEMORY_MAPS, PUBLIC_OUTPUT_WORDS, rangeContains } from './memory-map.ts'
export { disassembleRom } from './rom/disassemble-rom.ts'
export type { RomParameters } from './rom/encode-rom.ts'
export { decodeRom, encodeRom, ROM_FORMAT_VERSION, romParameters } from './rom/encode-rom.ts'
export type { IndirectWidth, RomInstruction, Source, Store } from './rom/instruction.ts'
export { aSourceOf, bSourceOf, FLAG, instructionFlags, SOURCE, STORE, storeOf } from './rom/instruction.ts'
export type { InstructionColumns } from './rom/instruction-table.ts'
export { InstructionTable, InstructionTableBuilder } from './rom/instruction-table.ts'
export type { RomErrorCode } from './rom/rom-error.ts'
export { RomError } from './rom/rom-error.ts'
export { romHash } from './rom/rom-hash.ts'
export type { InstructionJson, OperandJson, RomJson } from './rom/rom-json.ts'
export { romFromJson, romToJson } from './rom/rom-json.ts'
export { validateRom } from './rom/validate-rom.ts'
export type { DataSegment, ExitMode, ZiskRom } from './rom/zisk-rom.ts'
