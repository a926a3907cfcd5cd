import type { Io } from '../io.ts'
import { runCli } from '../main.ts'

/** What a command left behind. */
export interface CommandResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What a test gives a command: standard input and environment. */
export interface CommandWorld {
  readonly stdin?: Uint8Array
  readonly env?: Io['env']
}

/** Runs a command line in this process, with streams kept as text. */
export async function runInProcess(argv: readonly string[], world: CommandWorld = {}): Promise<CommandResult> {
  const collect = (chunks: Buffer[]): Io['stdout'] => ({
    write: (chunk) => void chunks.push(Buffer.from(chunk)),
    isTTY: false,
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  const status = await runCli(argv, {
    stdout: collect(stdout),
    stderr: collect(stderr),
    readStdin: () => world.stdin ?? new Uint8Array(0),
    env: world.env ?? {},
  })
  return { status, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }
}
