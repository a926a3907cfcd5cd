#!/usr/bin/env node
import './tiering.ts'
import { createProcessIo } from './io.ts'
import { runCli } from './main.ts'

process.exitCode = await runCli(process.argv.slice(2), createProcessIo())
