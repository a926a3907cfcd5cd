/**
 * `pnpm bench NAME [OPTIONS]`: runs one benchmark of the repository. Each is a file that prints its ratios against a
 * rival or a limit measured in the same run.
 */

const BENCHMARKS: Readonly<Record<string, string>> = {
  build: './build.bench.ts',
  commit: './commit.bench.ts',
  execute: './execute.bench.ts',
  field: '../../field/bench/field.bench.ts',
  latency: './latency.bench.ts',
  prove: './prove.bench.ts',
  typescript: './typescript.bench.ts',
  verify: './verify.bench.ts',
  witness: './witness.bench.ts',
  zkvm: './zkvm.bench.ts',
  'zkvm-large': './zkvm-large.bench.ts',
}

const name = process.argv[2] ?? ''
const file = BENCHMARKS[name]
if (file === undefined) {
  console.error(`benchmark expected one of ${Object.keys(BENCHMARKS).join(', ')}, got '${name}'`)
  process.exit(2)
}
process.argv.splice(2, 1)
await import(file)
