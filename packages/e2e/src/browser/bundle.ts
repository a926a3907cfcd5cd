/** Bundles for browsers, made by esbuild from the sources. */
import { type BuildOptions, build } from 'esbuild'

/** One minified ES module with everything that the entry imports. Fails on any module of Node. */
export async function bundleForBrowser(
  contents: string,
  options: Pick<BuildOptions, 'alias' | 'ignoreAnnotations'> = {},
): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    ...options,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['zisk-source'],
    logLevel: 'silent',
  })
  return outputFiles[0]!.contents
}

/** The bundle that verifying in a browser needs. */
export function bundleVerifier(): Promise<Uint8Array> {
  return bundleForBrowser("export { prepareVerifyingKey, verify } from '@zisk/verifier'")
}
