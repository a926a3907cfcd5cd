// Puts the standard library beside the built code, where `standardLibrary` looks for it.
import { cpSync, rmSync } from 'node:fs'

const target = new URL('../dist/std/', import.meta.url)
rmSync(target, { recursive: true, force: true })
cpSync(new URL('../../../pil/std/', import.meta.url), target, { recursive: true })
