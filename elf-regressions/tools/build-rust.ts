/** Builds a Rust guest with the compiler and library sources of Debian, without network. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Build } from './case.ts'
import { command } from './command.ts'

const LIBRARY = '/usr/src/rustc-1.96.0/library'
const TARGET = 'riscv64-zisk-zkvm-elf'

/** @param folder a scratch folder; the program is written to `elf`. */
export function buildRust(options: { root: string; name: string; build: Build; folder: string; elf: string }): void {
  const { root, name, build, folder, elf } = options
  mkdirSync(join(folder, 'src'))
  mkdirSync(join(folder, '.cargo'))
  copyFileSync(join(root, name, 'main.rs'), join(folder, 'src/main.rs'))
  for (const file of readdirSync(join(root, 'lib/rust')))
    copyFileSync(join(root, 'lib/rust', file), join(folder, 'src', file))
  copyFileSync(join(root, '../packages/guest/rust/src/system.rs'), join(folder, 'src/guest-system.rs'))
  const objects = (build.start ?? []).map((source, i) => {
    const object = join(folder, `start${i}.o`)
    command(root, 'riscv64-unknown-elf-gcc', ['-c', `-march=${build.march}`, '-mabi=lp64', '-o', object, source])
    return object
  })
  writeFileSync(join(folder, `${TARGET}.json`), JSON.stringify(target(build), null, 2))
  writeFileSync(join(folder, 'Cargo.toml'), MANIFEST)
  const linkArguments = [
    `-T${root}/${build.script ?? 'lib/stack-above-data.ld'}`,
    '--gc-sections',
    '-zmax-page-size=4096',
    ...objects,
  ]
  writeFileSync(join(folder, '.cargo/config.toml'), configuration(build, folder, linkArguments))
  const args = ['build', '--release', '--quiet', '--offline', '--target', `${TARGET}.json`]
  command(folder, '/usr/bin/cargo', args, { RUSTC: '/usr/bin/rustc', RUSTC_BOOTSTRAP: '1', PATH: '/usr/bin:/bin' })
  copyFileSync(join(folder, 'target', TARGET, 'release/guest'), elf)
}

/** Software floating point, static, and no unwinding; `zkvm` is the operating system that the standard library knows. */
function target(build: Build): object {
  return {
    arch: 'riscv64',
    'code-model': 'medium',
    cpu: 'generic-rv64',
    'crt-objects-fallback': 'false',
    'data-layout': 'e-m:e-p:64:64-i64:64-i128:128-n32:64-S128',
    'eh-frame-header': false,
    'emit-debug-gdb-scripts': false,
    features: build.march === 'rv64imac' ? '+m,+a,+c' : '+m,+a',
    linker: 'rust-lld',
    'linker-flavor': 'gnu-lld',
    'llvm-abiname': 'lp64',
    'llvm-target': 'riscv64',
    'max-atomic-width': 64,
    os: build.library === 'std' ? 'zkvm' : 'none',
    'has-thread-local': false,
    vendor: 'zisk',
    'panic-strategy': 'abort',
    'relocation-model': 'static',
    'target-pointer-width': 64,
    executables: true,
    singlethread: true,
  }
}

const MANIFEST = `[package]
name = "guest"
version = "0.0.0"
edition = "2021"

[profile.release]
codegen-units = 1
lto = true
panic = "abort"
`

function configuration(build: Build, folder: string, linkArguments: readonly string[]): string {
  const libraries = build.library === 'std' ? ['std', 'panic_abort'] : ['core', 'alloc', 'compiler_builtins']
  const flags = [`--remap-path-prefix=${folder}=.`, ...linkArguments.map((argument) => `-Clink-arg=${argument}`)]
  return `[source.crates-io]
replace-with = "vendored"
[source.vendored]
directory = "${LIBRARY}/vendor"
[unstable]
build-std = ${JSON.stringify(libraries)}
build-std-features = ["compiler-builtins-mem"]
json-target-spec = true
[target.${TARGET}]
linker = "/usr/bin/ld.lld-19"
rustflags = ${JSON.stringify(flags)}
`
}
