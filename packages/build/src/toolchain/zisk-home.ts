import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Folder of what is installed for all projects: `ZISK_HOME`, else `~/.zisk`. */
export function ziskHome(env: Environment): string {
  const named = env['ZISK_HOME']
  return named === undefined || named === '' ? join(homedir(), '.zisk') : resolve(named)
}
