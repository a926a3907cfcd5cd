import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type QemuImageOptions, qemuImage } from './qemu-image.ts'

const OUTPUT_BYTES = 256

export type QemuRun = {
  /** Exit code of the guest (low 8 bits), undefined when a signal ended it. */
  readonly exitCode: number | undefined
  /** SIGSEGV for a bad address, SIGILL for a bad instruction, SIGTERM at the time limit. */
  readonly signal: NodeJS.Signals | undefined
  /** The 64 public words; undefined when the guest did not end through the runtime of `elf-regressions/lib`. */
  readonly outputs: Uint32Array | undefined
  readonly uart: string
  /** Wall time of the whole process. */
  readonly seconds: number
}

/** What to run under qemu, and for how long at most (default 120 s). */
type QemuOptions = QemuImageOptions & { readonly timeoutSeconds?: number }

/** The finished process, and its wall time. */
type QemuProcess = {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly seconds: number
}

/** Runs a ZisK guest under `qemu-riscv64` (Debian package qemu-user) and keeps what it writes through Linux calls. */
export function spawnQemu(options: QemuOptions): QemuProcess {
  const folder = mkdtempSync(join(tmpdir(), 'zisk-qemu-'))
  try {
    const program = join(folder, 'program')
    writeFileSync(program, qemuImage(options), { mode: 0o700 })
    const start = performance.now()
    const run = spawnSync('qemu-riscv64', [program], { timeout: (options.timeoutSeconds ?? 120) * 1000 })
    const seconds = (performance.now() - start) / 1000
    const failure = run.error as NodeJS.ErrnoException | undefined
    if (failure?.code === 'ENOENT') {
      throw new Error('qemu-riscv64 is not installed: run `apt-get install qemu-user`', { cause: failure })
    }
    if (failure !== undefined && failure.code !== 'ETIMEDOUT') throw failure
    const { status, signal, stdout, stderr } = run
    return { status, signal, stdout, stderr, seconds }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs a guest that ends through the runtime of `elf-regressions/lib`. */
export function runQemu(options: QemuOptions): QemuRun {
  const { status, signal, stdout, stderr, seconds } = spawnQemu(options)
  return {
    exitCode: status ?? undefined,
    signal: signal ?? undefined,
    outputs: stdout.length === OUTPUT_BYTES ? new Uint32Array(Uint8Array.from(stdout).buffer) : undefined,
    uart: new TextDecoder().decode(stderr),
    seconds,
  }
}
