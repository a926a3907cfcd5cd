#!/usr/bin/env bash
# Rebuilds the committed guest ELFs from their sources.
#   ./rebuild.sh --install     install the compilers (Debian 12, as root)
#   ./rebuild.sh [CASE...]     rebuild all cases, or the named ones
#   ./rebuild.sh --check       rebuild into a temporary folder and compare with the committed bytes
#   ./rebuild.sh --expect [CASE...]  work the expected results out again, and compare them with qemu-riscv64
set -euo pipefail
cd "$(dirname "$0")"

packages=(
  gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf picolibc-riscv64-unknown-elf # C, C++, assembly
  clang-19 lld-19                                                                  # a second C compiler and linker
  rustc-web cargo-web rust-web-src                                                 # Rust, with the sources of its library
  qemu-user                                                                        # runs the ELFs for comparison
)

if [ "${1:-}" = --install ]; then
  apt-get update
  exec apt-get install -y --no-install-recommends "${packages[@]}"
fi

script=tools/build.ts
if [ "${1:-}" = --expect ]; then
  shift
  script=tools/expect.ts
fi
exec ../node_modules/.bin/tsx "$script" "$@"
