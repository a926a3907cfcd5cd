import { cUnits, linkWithLibrary } from './c-family.ts'
import type { Language } from './language.ts'

/** Freestanding C++ guests: no exceptions, no RTTI, `new` and `delete` of the guest library. */
export const cpp: Language = {
  build: (project, context) =>
    linkWithLibrary(project, context, { cpp: true, units: (compiler) => cUnits(project, compiler) }),
}
