/** Where the guest library's files lie: headers, sources, linker script, Zig module, Rust crate. */

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
  /** Start code, runtime and C library, in link order. */
  readonly cSources: readonly string[]
  /** What C++ guests need beside them. */
  readonly cppSources: readonly string[]
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
