import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The user's folder of keys and program commitments, all of which can be made again: `ZISK_HOME`, else the cache folder
 * of the platform.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const own = set('ZISK_HOME')
  if (own !== undefined) return own
  if (process.platform === 'win32') return join(set('LOCALAPPDATA') ?? join(homedir(), 'AppData', 'Local'), 'zisk')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'zisk')
  return join(set('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'zisk')
}
