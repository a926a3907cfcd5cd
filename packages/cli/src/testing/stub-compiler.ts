import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ZIG_VERSION } from '@zisk/build'

/** Writes what a compiler or linker is told to write, an object or ELF and the list of files that were read, of nothing. */
const COMPILER = `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --version) echo clang 99;;
    -o) echo made > "$2";;
    -MF) echo "x: " > "$2";;
    -femit-bin=*) echo made > "\${1#-femit-bin=}";;
  esac
  shift
done
`

/** Makes a compiler `bin/clang` below a folder, and an installed toolchain below its `home`. */
export function writeStubCompilers(folder: string): void {
  for (const name of ['bin/clang', `home/toolchains/zig-${ZIG_VERSION}/zig`]) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, COMPILER)
    chmodSync(path, 0o755)
  }
}
