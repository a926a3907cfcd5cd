import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { StringDecoder } from 'node:string_decoder'
import { BuildError, interrupted } from '../build-error.ts'
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

/**
 * Runs a compiler and keeps its output.
 *
 * @throws {BuildError} `TOOLCHAIN_MISSING` when it cannot be started, `INTERRUPTED`
 */
export function runTool({ command, cwd, env, signal, onStderr, onStdoutLine }: ToolRun): Promise<ToolResult> {
  const [program, ...args] = command as [string, ...string[]]
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], signal })
    const output: Buffer[] = []
    if (onStdoutLine === undefined) child.stdout.on('data', (bytes: Buffer) => output.push(bytes))
    else createInterface({ input: child.stdout }).on('line', onStdoutLine)
    const decoder = new StringDecoder('utf8')
    child.stderr.on('data', (bytes: Buffer) => {
      output.push(bytes)
      onStderr?.(decoder.write(bytes))
    })
    child.on('error', (error) => {
      if (signal?.aborted === true) return reject(interrupted(error))
      reject(
        new BuildError({
          code: 'TOOLCHAIN_MISSING',
          message: `a compiler that starts expected, got ${error.message}`,
          where: program,
          remedy: 'Install it again: `zisk toolchain install` for the toolchain of zisk.',
          cause: error,
        }),
      )
    })
    child.on('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(output).toString('utf8') }))
  })
}
