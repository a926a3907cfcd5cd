/** Runs a TypeScript guest as JavaScript in Node. */

import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'

/** What AssemblyScript has beyond JavaScript, and where the two differ in name only. */
const PRELUDE = `
  for (const Collection of [Map, Set]) for (const name of ['keys', 'values']) {
    const iterate = Collection.prototype[name]
    Collection.prototype[name] = function () { return [...iterate.call(this)] }
  }
  for (const View of [Uint8Array, Int16Array, Uint32Array]) View.wrap = (...args) => new View(...args)
  String.UTF8 = { encode: (text) => encode(text).buffer, decode: (bytes) => decode(bytes) }
`

/** Bundles the entry file and runs its `main`; gives what it logs. */
export async function runAsJavaScript(entry: string): Promise<string> {
  const options = { bundle: true, write: false, format: 'iife', globalName: 'guest', logLevel: 'silent' } as const
  const { outputFiles } = await build({ ...options, entryPoints: [entry] })
  let text = ''
  const context = {
    console: {
      log: (line: string) => {
        // Half of a pair of UTF-16 becomes U+FFFD.
        text += `${Buffer.from(line).toString()}\n`
      },
    },
    encode: (value: string) => new TextEncoder().encode(value),
    decode: (bytes: ArrayBuffer) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes)),
  }
  runInNewContext(`${PRELUDE}${outputFiles[0]!.text}; guest.main()`, context)
  return text
}
