/** Errors of running a guest: faults, inputs, limits. */
export const GUEST_ERRORS: Readonly<Record<string, string>> = {
  ABORTED: 'The job was cancelled by the caller. Nothing was written; start it again.',
  ACCESS_CROSSES_REGION:
    'A load or store touched the end of one memory region and the start of another. Usually an array index is out of range.',
  ENDED_WITHOUT_PUBLISHING:
    'The run ended, but not through the exit call that publishes the outputs, so nothing could be proven about it. A wild jump into the start-up code does this.',
  FCALL_NO_RESULT:
    'The guest asked for a result of a host call, and there was none left. Every fcall has to come before its results.',
  FCALL_PARAMETERS_FULL: 'The guest gave a host call more parameter words than the machine keeps.',
  GUEST_EXIT:
    'The program ended with an exit code other than 0, which is its way to say that it failed; a panic ends with 101. See what it printed. --allow-failure accepts any exit code.',
  GUEST_MEMORY_UNAVAILABLE:
    'The host could not reserve the memory of the guest. Free memory, or raise the limit on virtual memory (ulimit -v).',
  ILLEGAL_INSTRUCTION:
    'The word at the program counter is no instruction of RV64IMAC. A jump through a wrong pointer, a program for another CPU, or the compiler marked a place that cannot be reached.',
  INPUT_JSON_SHAPE:
    'The JSON input is no array of typed values such as [{"u32": 7}, {"utf8": "text"}]; each element becomes one input record.',
  INPUT_JSON_SYNTAX: 'The input file ends in .json but is no JSON. Mend it, or give plain bytes with --input-raw.',
  INPUT_NOT_FRAMED:
    'The input is no sequence of records (8 bytes of length, the bytes, zeros up to a multiple of 8). To pass a file as one record, use --input-raw.',
  INPUT_NOT_READY: 'The guest waited for input that had not arrived.',
  INPUT_TOO_LARGE: 'The input is larger than the input region of the machine. Pass less, or a digest of it.',
  INVALID_PUBLICATION:
    'An output word was published a second time, or one that does not exist. Only the exit path of the BIOS publishes, all words once: a wild jump into it does this. Such a run has no proof.',
  INVALID_READ:
    'A load from an address where there is no memory: a null pointer or an index out of range. The report names function and source line.',
  INVALID_RUN_OPTION: 'A limit or size of the run is out of its range.',
  INVALID_WRITE:
    'A store to an address where there is no memory: a null pointer or an index out of range. The report names function and source line.',
  NO_INSTRUCTION:
    'A jump to an address without an instruction: usually a function pointer that was never set, or a return through a damaged stack.',
  READ_BEYOND_INPUT:
    'The guest read more input than it was given. One read behind the last record gives an empty one; the next is this fault.',
  READ_ONLY_CSR: 'A write to a control register that cannot be written.',
  STACK_OVERFLOW:
    'The stack grew below the start of RAM, where there is no memory: a recursion without end, or one whose depth the input decides, or large local variables. Bound it, or build with a larger stackSize.',
  STEP_LIMIT: 'The run was longer than --max-steps. Raise it, or look for an endless loop with `zisk trace --analyze`.',
  TRACE_CORRUPT: 'The recorded trace does not replay: a defect of zisk, or a damaged file.',
  TRACE_TOO_LONG: 'A chunk of the trace is longer than its format allows. Use a smaller --chunk-size.',
  UNKNOWN_CSR: 'The instruction names a control register that the machine does not have.',
  UNSUPPORTED_ECALL:
    'The guest made a system call other than exit (93). There is no operating system: do it in the guest library.',
  UNSUPPORTED_FCALL: 'The guest asked the host for a computation that this version does not have.',
  UNSUPPORTED_FLOAT:
    'A floating-point instruction. Compile for rv64imac with -mabi=lp64, as `zisk build` does: floating point is then computed with integers.',
  UNSUPPORTED_PRECOMPILE:
    'The guest called an accelerator of ZisK that this version does not have yet. Build the guest without it.',
  WRITE_TO_CODE: 'A store into the program itself. Code cannot change while it runs.',
  WRITE_TO_INPUT: 'A store into the input, which is read-only. Copy the record first.',
  WRITE_TO_ROM: 'A store to constant data, for example into a string literal.',
}
