#!/usr/bin/env node
// Committed, so that installing the workspace can link the command before anything is built.
import { existsSync } from 'node:fs'

const built = new URL('../dist/bin.js', import.meta.url)
if (existsSync(built)) await import(built.href)
else {
  process.stderr.write(
    'error[NOT_BUILT]: create-zisk expected to be built, got its source alone\n' +
      '  help: Run `npx -y pnpm@10 build` in the repository, or `npx -y pnpm@10 -s zisk new NAME`, which does the same.\n',
  )
  process.exitCode = 1
}
