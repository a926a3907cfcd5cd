/** Where the guest library's files lie: headers, sources, linker script, Zig module, Rust crate, AssemblyScript module. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Absolute paths into the package. */
export interface GuestFiles {
  /** The package itself; debug information names it `zisk-guest`. */
  readonly root: string
  /** Folder of `zisk.h`, `zisk.hpp` and the C library's headers. */
  readonly include: string
  readonly linkerScript: string
  /** The module that a Zig guest imports as `zisk`. */
  readonly zigModule: string
  /** The crate that a Rust guest depends on as `zisk-guest`. */
  readonly rustCrate: string
  /** Description of the machine for rustc. */
  readonly rustTarget: string
  /** Folder of `wasm-runtime.h` and `zisk-host.h`, which C translated from WebAssembly includes. */
  readonly wasmInclude: string
  /** The module that a TypeScript guest imports as `@zisk/guest/assembly`. */
  readonly assemblyModule: string
  /** Start code, runtime and C library, in link order. */
  readonly cSources: readonly string[]
  /** What C++ guests need beside them. */
  readonly cppSources: readonly string[]
}

/** C functions of `zisk-host.h` that a WebAssembly guest may import, by `module.name`. */
export const WASM_IMPORTS: Readonly<Record<string, { readonly symbol: string; readonly type: string }>> = {
  'zisk.next_record': { symbol: 'host_next_record', type: '_i' },
  'zisk.copy_record': { symbol: 'host_copy_record', type: 'i_' },
  'zisk.read_u32': { symbol: 'zisk_read_u32', type: '_i' },
  'zisk.read_u64': { symbol: 'zisk_read_u64', type: '_l' },
  'zisk.commit': { symbol: 'host_commit', type: 'ii_' },
  'zisk.commit_u32': { symbol: 'zisk_commit_u32', type: 'i_' },
  'zisk.commit_u64': { symbol: 'zisk_commit_u64', type: 'l_' },
  'zisk.set_output': { symbol: 'zisk_set_output', type: 'ii_' },
  'zisk.print': { symbol: 'host_print_string', type: 'i_' },
  'zisk.write': { symbol: 'host_write', type: 'ii_' },
  'zisk.exit': { symbol: 'host_exit', type: 'i_' },
  'env.abort': { symbol: 'host_abort', type: 'iiii_' },
  'env.console.log': { symbol: 'host_console_log', type: 'i_' },
}

/** The files of the installed guest library. */
export function guestFiles(): GuestFiles {
  return {
    root: ROOT.replace(/[\\/]$/, ''),
    include: join(ROOT, 'c/include'),
    linkerScript: join(ROOT, 'zisk.ld'),
    zigModule: join(ROOT, 'zig/zisk.zig'),
    rustCrate: join(ROOT, 'rust'),
    rustTarget: join(ROOT, 'rust/riscv64ima-zisk-zkvm-elf.json'),
    wasmInclude: join(ROOT, 'wasm'),
    assemblyModule: join(ROOT, 'assembly/index.ts'),
    cSources: [...sourcesIn('c/runtime'), ...sourcesIn('c/libc')],
    cppSources: sourcesIn('c/cpp'),
  }
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => /\.(c|cc|S)$/.test(name))
    .sort()
    .map((name) => join(ROOT, folder, name))
}
