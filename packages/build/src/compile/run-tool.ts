import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { StringDecoder } from 'node:string_decoder'
import { BuildError, interrupted, throwIfInterrupted } from '../build-error.ts'
import type { Environment } from '../toolchain/environment.ts'

export interface ToolRun {
  /** Program and arguments. */
  readonly command: readonly string[]
  readonly cwd?: string | undefined
  readonly env: Environment
  readonly signal?: AbortSignal | undefined
  /** Gets what the program says while it runs. */
  readonly onStderr?: ((text: string) => void) | undefined
  /** Gets standard output by lines, which is then no part of the result. */
  readonly onStdoutLine?: ((line: string) => void) | undefined
}

/** What a program did: its exit status, and all it printed, in order. */
export interface ToolResult {
  readonly status: number
  readonly output: string
}

/** How long a program may take to end after it was asked to. */
const GRACE_MS = 2000

/**
 * Runs a compiler and keeps its output. When the work is cancelled, the compiler and all that it started have ended by
 * the time of the error, so that nothing writes any more.
 *
 * @throws {BuildError} `TOOLCHAIN_MISSING` when it cannot be started, `INTERRUPTED`
 */
export async function runTool({ command, cwd, env, signal, onStderr, onStdoutLine }: ToolRun): Promise<ToolResult> {
  throwIfInterrupted(signal)
  const [program, ...args] = command as [string, ...string[]]
  // Whoever can cancel has to end what compilers start too: they get a group of their own. For all others the terminal's
  // Ctrl-C reaches them, as members of this process's group.
  const detached = signal !== undefined && process.platform !== 'win32'
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached })
  let force: NodeJS.Timeout | undefined
  const end = (): void => {
    kill(child, 'SIGTERM')
    force = setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS)
  }
  signal?.addEventListener('abort', end, { once: true })
  try {
    const result = await resultOf(child, program, { onStderr, onStdoutLine })
    if (signal?.aborted === true) throw interrupted(signal.reason)
    return result
  } finally {
    clearTimeout(force)
    signal?.removeEventListener('abort', end)
  }
}

function resultOf(
  child: ChildProcess,
  program: string,
  { onStderr, onStdoutLine }: Pick<ToolRun, 'onStderr' | 'onStdoutLine'>,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const { stdout, stderr } = child
    const output: Buffer[] = []
    if (onStdoutLine === undefined) stdout!.on('data', (bytes: Buffer) => output.push(bytes))
    else createInterface({ input: stdout! }).on('line', onStdoutLine)
    const decoder = new StringDecoder('utf8')
    stderr!.on('data', (bytes: Buffer) => {
      output.push(bytes)
      onStderr?.(decoder.write(bytes))
    })
    child.on('error', (error) =>
      reject(
        new BuildError({
          code: 'TOOLCHAIN_MISSING',
          message: `a compiler that starts expected, got ${error.message}`,
          where: program,
          remedy: 'Install it again: `zisk toolchain install` for the toolchain of zisk.',
          cause: error,
        }),
      ),
    )
    child.on('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(output).toString('utf8') }))
  })
}

/** Ends a program that leads a group, with all of its group. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // It has ended in the meantime.
  }
}
