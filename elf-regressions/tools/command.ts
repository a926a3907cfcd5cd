import { spawnSync } from 'node:child_process'

/** Runs a compiler in a folder; its messages go to stderr. Throws when it fails or is not installed. */
export function command(
  folder: string,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): void {
  const options = { cwd: folder, env: { ...process.env, ...environment } }
  const run = spawnSync(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] })
  if (run.error !== undefined)
    throw new Error(`${program} does not run: ./rebuild.sh --install installs it`, { cause: run.error })
  if (run.status !== 0) throw new Error(`${program} ${args.join(' ')}: exit status ${run.status}`)
}
