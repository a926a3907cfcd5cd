// A registry for npm on this machine: it serves the packages of this workspace as they would be published, and sends
// everything else to the real one.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

/** Packs every published package into a folder. */
export function packAll(folder) {
  const filters = ['!zisk-workspace', '!@zisk/e2e'].flatMap((name) => ['--filter', name])
  const pack = ['exec', 'pnpm', 'pack', '--pack-destination', folder]
  execFileSync('npx', ['-y', 'pnpm@10', '-r', ...filters, ...pack], { stdio: ['ignore', 'ignore', 'inherit'] })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name))
}

/** Starts the registry; resolves to its address and a function that ends it. */
export async function startRegistry(tarballs) {
  const upstream = (process.env.npm_config_registry ?? 'https://registry.npmjs.org/').replace(/\/+$/, '')
  const packages = new Map()
  for (const file of tarballs) {
    const bytes = readFileSync(file)
    const manifest = JSON.parse(execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' }))
    packages.set(manifest.name, { manifest, bytes, path: `/tarballs/${packages.size}.tgz` })
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url)
    const file = [...packages.values()].find((one) => one.path === path)
    const one = packages.get(path.slice(1))
    if (file !== undefined) response.end(file.bytes)
    else if (one === undefined) response.writeHead(302, { location: upstream + request.url }).end()
    else response.end(JSON.stringify(documentOf(one, `http://127.0.0.1:${server.address().port}`)))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const end = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${server.address().port}/`, end }
}

/** What npm asks a registry for about a package. */
function documentOf({ manifest, bytes, path }, url) {
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const version = { ...manifest, dist: { tarball: url + path, integrity } }
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: version },
  }
}
