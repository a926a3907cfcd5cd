/** Errors of the command line, of files, of building guests and of new projects. */
export const TOOL_ERRORS: Readonly<Record<string, string>> = {
  BAD_OPTION_VALUE:
    'The value of an option or environment variable is not one that it takes; the message says which it takes.',
  COMPILE_FAILED:
    'The compiler refused the guest program; its messages stand above, unchanged. An older ELF is as it was.',
  CONFIG_INVALID: 'zisk.config.ts cannot be loaded or has a key or value that is not known. The message names it.',
  DIRECTORY_NOT_WRITABLE:
    'A folder cannot be written. Choose another one: --output for files, the environment variable ZISK_HOME for toolchains and keys.',
  DISK_FULL:
    'The disk is full. Make room and run the command again: nothing half-written is left, and a download continues.',
  DOWNLOAD_CORRUPT:
    'A downloaded file is not the one that was expected and was thrown away. Run the command again; if it stays, a proxy changes the file.',
  DOWNLOAD_FAILED:
    'The npm registry could not be reached. HTTPS_PROXY and npm_config_registry are honoured; running again continues the download.',
  EXPLAIN_UNKNOWN: 'There is no error of that code. `zisk explain` without a code lists all.',
  FILE_NOT_FOUND: 'A file that was named does not exist. Paths are relative to the current folder.',
  FILE_NOT_READABLE: 'A file that was named cannot be read: see its permissions.',
  FILE_NOT_WRITABLE:
    'An output file cannot be written: its folder is missing, not writable, or full. An older file is as it was.',
  FILE_TOO_LARGE:
    'A file or stream has more bytes than any command takes, 2 GiB. A device such as /dev/zero has no end.',
  FOLDER_NOT_FOUND: 'A folder of included files that -I names does not exist.',
  INTERNAL: 'A defect of zisk. Please report it with the output of --debug.',
  INVALID_JOB_OPTION:
    'An option that a program gave to the SDK has a value that it does not take; the message names both.',
  INTERRUPTED: 'The work was cancelled. Running the command again continues with what is there.',
  LINK_FAILED:
    'The compiled parts do not fit together: a function is missing, or code and data are too large. The messages of the linker stand above.',
  NAME_INVALID: 'A project has a name of lower-case letters, digits, dashes and underscores.',
  NAME_TAKEN: 'There is already something of that name; nothing was changed.',
  NOT_A_FILE: 'A folder was named where a file is needed.',
  NOT_JSON: 'A file that has to be JSON is none.',
  PROJECT_NOT_FOUND:
    'There is no guest program at that place: a folder with src/main.c, .cc, .zig, .ts or Cargo.toml, or a source file. `zisk new` makes one.',
  STREAM_NOT_WRITABLE: 'Standard output cannot be written, for example because the disk that it goes to is full.',
  TEMPLATE_UNKNOWN: 'There is no template of that name.',
  TOOLCHAIN_MISSING:
    'A compiler is needed that is not there; the message says how to get it. C, C++ and Zig need only `zisk toolchain install`, TypeScript also `npm install --save-dev assemblyscript`.',
  TOOLCHAIN_NOT_FOR_PLATFORM:
    'There is no Zig compiler for this platform on npm. Install clang with lld, or gcc for RISC-V, and build with --toolchain.',
  WASM_IMPORT_UNKNOWN:
    'A TypeScript guest uses something that a browser or Node would provide, and a guest has no counterpart of, such as the time or randomness.',
  WASM_INVALID: 'A WebAssembly module is damaged. Build again; if it stays, the AssemblyScript compiler made it so.',
  WASM_UNSUPPORTED:
    'A TypeScript guest was compiled with a feature of WebAssembly that is not translated, such as vectors, threads or several memories.',
  USAGE: 'The command line is not one that zisk takes. `zisk COMMAND --help` shows options and examples.',
}
