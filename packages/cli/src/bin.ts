#!/usr/bin/env node
import './tiering.ts'

// After that, in whatever order a bundler puts modules.
const { createProcessIo, runCli } = await import('./index.ts')
process.exitCode = await runCli(process.argv.slice(2), createProcessIo())
