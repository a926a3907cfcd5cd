import type { LanguageName } from '../project/config.ts'
import { c } from './c.ts'
import { cpp } from './cpp.ts'
import type { Language } from './language.ts'
import { rust } from './rust.ts'
import { typescript } from './typescript.ts'
import { zig } from './zig.ts'

/** Every language, by name. */
export const LANGUAGE: Readonly<Record<LanguageName, Language>> = { c, cpp, zig, rust, typescript }
