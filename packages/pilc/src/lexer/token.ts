import type { Int } from '../eval/int.ts'

/** Kind of a token. Words are identifiers; what is a keyword is the parser's affair. */
export type TokenKind = 'word' | 'int' | 'string' | 'template' | 'pragma' | 'punctuation' | 'end'

/** One token: its kind, its text (the operator, the word, the string's value) and its place. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly start: number
  readonly end: number
  /** Value of an `int`. */
  readonly value?: Int
  /** Pieces of a `template`: literal text and the tokens of each `${...}`. */
  readonly parts?: readonly (string | readonly Token[])[]
}
