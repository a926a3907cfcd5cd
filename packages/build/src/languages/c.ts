import { cUnits, linkWithLibrary } from './c-family.ts'
import type { Language } from './language.ts'

/** C guests, with assembly files beside them. */
export const c: Language = {
  build: (project, context) =>
    linkWithLibrary(project, context, { cpp: false, units: (compiler) => cUnits(project, compiler) }),
}
