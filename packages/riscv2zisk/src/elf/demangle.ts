/**
 * Linkage names as people write them.
 */

import { demangleRust } from './demangle-rust.ts'

/** Escapes of the legacy Rust mangling. */
const RUST_ESCAPES: readonly (readonly [sequence: string, text: string])[] = [
  ['$SP$', '@'],
  ['$BP$', '*'],
  ['$RF$', '&'],
  ['$LT$', '<'],
  ['$GT$', '>'],
  ['$LP$', '('],
  ['$RP$', ')'],
  ['$C$', ','],
  ['..', '::'],
]
/** Last part of a legacy Rust name: a hash. */
const RUST_HASH = /^h[0-9a-f]{16}$/

/**
 * The readable form of a linkage name: Rust v0, legacy Rust, and the qualified names of C++ functions without their
 * parameters. Other names come back as they are.
 */
export function demangle(name: string): string {
  if (name.startsWith('_R')) return demangleRust(name) ?? name
  if (!name.startsWith('_Z')) return name
  const parts = sourceNames(name)
  if (parts === undefined) return name
  const last = parts.at(-1)!
  return RUST_HASH.test(last) && parts.length > 1 ? parts.slice(0, -1).map(unescapeRust).join('::') : parts.join('::')
}

/** Parts of `_Z <length> <name>` or `_ZN [qualifiers] (<length> <name>)+ E`, or `undefined` for anything else. */
function sourceNames(name: string): string[] | undefined {
  const isNested = name.startsWith('_ZN')
  let at = isNested ? 3 : 2
  if (isNested) while (at < name.length && 'rVKRO'.includes(name[at]!)) at++
  const parts: string[] = []
  for (;;) {
    const match = /^[1-9]\d{0,4}/.exec(name.slice(at, at + 5))
    if (match === null) break
    const start = at + match[0].length
    at = start + Number(match[0])
    if (at > name.length) return undefined
    const part = name.slice(start, at)
    parts.push(part.startsWith('_GLOBAL__N') ? '(anonymous namespace)' : part)
    if (!isNested) break
  }
  // Constructors, templates and operators end the simple part.
  const isComplete = parts.length > 0 && (!isNested || name[at] === 'E')
  return isComplete ? parts : undefined
}

function unescapeRust(part: string): string {
  let text = part.startsWith('_$') ? part.slice(1) : part
  for (const [sequence, replacement] of RUST_ESCAPES) text = text.replaceAll(sequence, replacement)
  return text.replace(/\$u([0-9a-f]{2,5})\$/g, (_match, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  )
}
