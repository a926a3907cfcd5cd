/**
 * Rust's symbol names (v0) as paths: `<alloc::vec::Vec<u8>>::push`.
 *
 * Lifetimes, crate hashes and the instantiating crate are left out: they say nothing to a reader of a profile.
 * Source: Rust RFC 2603, "Symbol name mangling v0".
 */

const BASIC_TYPES: Readonly<Record<string, string>> = {
  a: 'i8',
  b: 'bool',
  c: 'char',
  d: 'f64',
  e: 'str',
  f: 'f32',
  h: 'u8',
  i: 'isize',
  j: 'usize',
  l: 'i32',
  m: 'u32',
  n: 'i128',
  o: 'u128',
  p: '_',
  s: 'i16',
  t: 'u16',
  u: '()',
  v: '...',
  x: 'i64',
  y: 'u64',
  z: '!',
}

const BASE62 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Back references may repeat parts without end. */
const MAX_DEPTH = 100
const MAX_CHARACTERS = 4000
/** Namespaces that are no names of their own. */
const NAMESPACES: Readonly<Record<string, string>> = { C: 'closure', S: 'shim' }

/** The readable form of a v0 name, or `undefined` when it is none. */
export function demangleRust(name: string): string | undefined {
  if (!name.startsWith('_R')) return undefined
  try {
    return new Demangler(name.slice(2)).path(true)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A recursive-descent parser that returns text; damaged names throw {@link SyntaxError}. */
class Demangler {
  readonly #text: string
  #at = 0
  #depth = 0
  #written = 0

  constructor(text: string) {
    this.#text = text
  }

  /** @param isValue in expressions generic arguments follow `::` */
  path(isValue: boolean): string {
    return this.#nested(() => {
      const tag = this.#next()
      switch (tag) {
        case 'C':
          return this.#identifier().name
        case 'M':
          this.#implPath()
          return `<${this.#type()}>`
        case 'X':
          this.#implPath()
          return `<${this.#type()} as ${this.path(false)}>`
        case 'Y':
          return `<${this.#type()} as ${this.path(false)}>`
        case 'N':
          return this.#nestedName(isValue)
        case 'I': {
          const base = this.path(isValue)
          const args = this.#until('E', () => this.#genericArgument()).filter((text) => text !== '')
          if (args.length === 0) return base
          return `${base}${isValue ? '::' : ''}<${args.join(', ')}>`
        }
        case 'B':
          return this.#backReference(() => this.path(isValue))
        default:
          throw new SyntaxError(`unknown path ${tag}`)
      }
    })
  }

  #nestedName(isValue: boolean): string {
    const namespace = this.#next()
    const parent = this.path(isValue)
    const { name, disambiguator } = this.#identifier()
    if (namespace >= 'a') return name === '' ? parent : `${parent}::${name}`
    const kind = NAMESPACES[namespace] ?? namespace
    return `${parent}::{${kind}${name === '' ? '' : `:${name}`}#${disambiguator}}`
  }

  /** The path of the impl block itself is not shown. */
  #implPath(): void {
    this.#disambiguator()
    this.path(false)
  }

  #genericArgument(): string {
    if (this.#take('L')) {
      this.#base62()
      return ''
    }
    return this.#take('K') ? this.#constant() : this.#type()
  }

  #type(): string {
    return this.#nested(() => {
      const tag = this.#peek()
      const basic = BASIC_TYPES[tag]
      if (basic !== undefined) {
        this.#at++
        return basic
      }
      if ('CMXYNI'.includes(tag)) return this.path(false)
      this.#at++
      switch (tag) {
        case 'A':
          return `[${this.#type()}; ${this.#constant()}]`
        case 'S':
          return `[${this.#type()}]`
        case 'T': {
          const items = this.#until('E', () => this.#type())
          return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
        }
        case 'R':
          this.#lifetime()
          return `&${this.#type()}`
        case 'Q':
          this.#lifetime()
          return `&mut ${this.#type()}`
        case 'P':
          return `*const ${this.#type()}`
        case 'O':
          return `*mut ${this.#type()}`
        case 'F':
          return this.#functionType()
        case 'D': {
          this.#binder()
          const bounds = this.#until('E', () => this.#dynamicTrait())
          this.#lifetime()
          return `dyn ${bounds.join(' + ')}`
        }
        case 'B':
          return this.#backReference(() => this.#type())
        default:
          throw new SyntaxError(`unknown type ${tag}`)
      }
    })
  }

  #functionType(): string {
    this.#binder()
    const unsafe = this.#take('U') ? 'unsafe ' : ''
    let abi = ''
    if (this.#take('K')) abi = `extern "${this.#take('C') ? 'C' : this.#plainIdentifier()}" `
    const parameters = this.#until('E', () => this.#type())
    const result = this.#type()
    return `${unsafe}${abi}fn(${parameters.join(', ')})${result === '()' ? '' : ` -> ${result}`}`
  }

  #dynamicTrait(): string {
    const trait = this.path(false)
    const bindings: string[] = []
    while (this.#take('p')) bindings.push(`${this.#plainIdentifier()} = ${this.#type()}`)
    return bindings.length === 0 ? trait : `${trait}<${bindings.join(', ')}>`
  }

  #constant(): string {
    if (this.#take('B')) return this.#backReference(() => this.#constant())
    if (this.#take('p')) return '_'
    const type = this.#next()
    const negative = this.#take('n') ? '-' : ''
    const end = this.#text.indexOf('_', this.#at)
    const digits = this.#text.slice(this.#at, end)
    if (end < 0 || !/^[0-9a-f]*$/.test(digits)) throw new SyntaxError('damaged constant')
    this.#at = end + 1
    const value = BigInt(digits === '' ? 0 : `0x${digits}`)
    if (type === 'b') return value === 0n ? 'false' : 'true'
    return `${negative}${value}`
  }

  #binder(): void {
    if (this.#take('G')) this.#base62()
  }

  #lifetime(): void {
    if (this.#take('L')) this.#base62()
  }

  #identifier(): { name: string; disambiguator: number } {
    return { disambiguator: this.#disambiguator(), name: this.#plainIdentifier() }
  }

  #disambiguator(): number {
    return this.#take('s') ? this.#base62() + 1 : 0
  }

  #plainIdentifier(): string {
    const isPunycode = this.#take('u')
    const match = /^(0|[1-9]\d{0,5})_?/.exec(this.#text.slice(this.#at, this.#at + 8))
    if (match === null) throw new SyntaxError('identifier has no length')
    const start = this.#at + match[0].length
    this.#at = start + Number(match[1])
    if (this.#at > this.#text.length) throw new SyntaxError('identifier ends early')
    const name = this.#text.slice(start, this.#at)
    return isPunycode ? `punycode{${name}}` : name
  }

  /** `_` is 0; otherwise the digits are one less than the number. Crate hashes are rounded, and never shown. */
  #base62(): number {
    if (this.#take('_')) return 0
    let value = 0
    for (let digit = this.#next(); digit !== '_'; digit = this.#next()) {
      const weight = BASE62.indexOf(digit)
      if (weight < 0 || value > 2 ** 80) throw new SyntaxError('damaged number')
      value = value * 62 + weight
    }
    return value + 1
  }

  #backReference(parse: () => string): string {
    const target = this.#base62()
    const back = this.#at
    if (target >= back) throw new SyntaxError('back reference points forward')
    this.#at = target
    const text = parse()
    this.#at = back
    return text
  }

  #until(end: string, parse: () => string): string[] {
    const items: string[] = []
    while (!this.#take(end)) items.push(parse())
    return items
  }

  #nested(parse: () => string): string {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError('name is nested too deeply')
    const text = parse()
    this.#depth--
    this.#written += text.length
    if (this.#written > MAX_CHARACTERS * 10 || text.length > MAX_CHARACTERS) throw new SyntaxError('name is too long')
    return text
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #next(): string {
    const character = this.#text[this.#at++]
    if (character === undefined) throw new SyntaxError('name ends early')
    return character
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }
}
