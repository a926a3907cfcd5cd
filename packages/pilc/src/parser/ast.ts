/** Syntax tree of PIL. Every node carries its span; nothing is resolved yet. */
import type { Int } from '../eval/int.ts'
import type { Span } from '../source/source-file.ts'

/** A name: a word, or a template string evaluated to one. */
export type NameSegment = string | TemplateNode

/** Scope word before a declared name: `air.x`, `proof.x`. */
export type ScopeWord = 'air' | 'airgroup' | 'proof'

interface Node {
  readonly span: Span
}

export interface TemplateNode extends Node {
  readonly kind: 'template'
  readonly parts: readonly (string | Expr)[]
}

/** `a`, `air.a`, `proof.std.x`, with template strings allowed as segments. */
export interface NameNode extends Node {
  readonly kind: 'name'
  readonly segments: readonly NameSegment[]
}

export interface CallNode extends Node {
  readonly kind: 'call'
  readonly callee: NameNode
  readonly args: readonly Argument[]
}

/** Argument of a call. `f(x:)` passes the variable `x` of the caller and is stored with that name as its value. */
export interface Argument {
  readonly name: string | undefined
  readonly value: Expr
  readonly spread: boolean
}

/** `[a, b]`, or a sequence when it stands where a fixed column is filled. */
export interface ListNode extends Node {
  readonly kind: 'list'
  readonly items: readonly ListItem[]
  /** `[...]...`: over and over until the column is full. */
  readonly fill: boolean
}

/** One item: `v`, `...v`, `v:n`, `v...`, `from:n..to:n`, `a..+..b`, `a..*..b`. */
export interface ListItem {
  readonly value: Expr
  readonly spread: boolean
  readonly times: Expr | undefined
  readonly fill: boolean
  readonly range:
    | { readonly op: '..' | '..+..' | '..*..'; readonly to: Expr | undefined; readonly toTimes: Expr | undefined }
    | undefined
}

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '&&'
  | '||'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='

export type Expr =
  | (Node & { readonly kind: 'int'; readonly value: Int })
  | (Node & { readonly kind: 'string'; readonly value: string })
  | TemplateNode
  | NameNode
  | CallNode
  | ListNode
  | (Node & { readonly kind: 'index'; readonly base: Expr; readonly index: Expr })
  | (Node & { readonly kind: 'unary'; readonly op: '-' | '+' | '!'; readonly operand: Expr })
  | (Node & { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly kind: 'ternary'; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr })
  /** `base'`, `base'n` (direction 1) and `'base`, `n'base` (direction -1); no amount is 1. */
  | (Node & {
      readonly kind: 'rowShift'
      readonly base: Expr
      readonly amount: Expr | undefined
      readonly direction: 1 | -1
    })
  /** `(e)'f`: prior when `e` is an integer, next when `f` is one. */
  | (Node & { readonly kind: 'rowShiftEither'; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly kind: 'isType'; readonly operand: Expr; readonly type: string })

export type VariableType = 'int' | 'expr' | 'string' | 'fe'

/** One name of a declaration, with its dimensions; a dimension may be left open (`[]`). */
export interface DeclaredName extends Node {
  readonly scope: ScopeWord | undefined
  readonly name: NameSegment
  readonly dims: readonly (Expr | undefined)[]
  readonly init: Expr | undefined
}

export interface Parameter extends Node {
  readonly name: string
  readonly type: VariableType
  readonly isConst: boolean
  readonly dimensions: number
  readonly defaultValue: Expr | undefined
}

export interface FunctionNode extends Node {
  readonly kind: 'function'
  readonly name: string
  readonly isPrivate: boolean
  readonly parameters: readonly Parameter[]
  readonly returns: { readonly type: VariableType; readonly dimensions: number } | undefined
  readonly body: readonly Statement[]
}

export interface AirTemplateNode extends Node {
  readonly kind: 'airtemplate'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

export interface AirGroupNode extends Node {
  readonly kind: 'airgroup'
  readonly name: NameSegment
  readonly body: readonly Statement[]
}

export interface ColumnNode extends Node {
  readonly kind: 'column'
  readonly columnKind: 'witness' | 'fixed' | 'custom'
  /** Name of the custom commit. */
  readonly commit: string | undefined
  readonly stage: Expr | undefined
  readonly bits: { readonly size: Expr; readonly signed: boolean } | undefined
  /** `col fixed virtual(R)`. */
  readonly virtualRows: Expr | undefined
  readonly names: readonly DeclaredName[]
}

export interface ValueNode extends Node {
  readonly kind: 'value'
  readonly valueKind: 'public' | 'proofval' | 'airval' | 'airgroupval' | 'challenge'
  readonly stage: Expr | undefined
  readonly aggregate: string | undefined
  readonly defaultValue: Expr | undefined
  readonly names: readonly DeclaredName[]
}

export interface HintField {
  readonly name: string
  readonly value: HintFieldValue
}

export type HintFieldValue =
  | { readonly kind: 'value'; readonly value: Expr }
  | { readonly kind: 'record'; readonly fields: readonly HintField[] }

export interface ForNode extends Node {
  readonly kind: 'for'
  readonly init: Statement | undefined
  readonly condition: Expr | undefined
  readonly step: readonly Statement[]
  readonly body: Statement
}

export interface WhileNode extends Node {
  readonly kind: 'while'
  readonly condition: Expr
  readonly body: Statement
}

export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '**=' | '<<=' | '>>=' | '&=' | '|=' | '^='

export interface BlockNode extends Node {
  readonly kind: 'block'
  readonly body: readonly Statement[]
}

export type Statement =
  | BlockNode
  | FunctionNode
  | AirTemplateNode
  | AirGroupNode
  | ColumnNode
  | ValueNode
  | ForNode
  | WhileNode
  | (Node & { readonly kind: 'empty' })
  | (Node & { readonly kind: 'include'; readonly path: Expr; readonly once: boolean })
  | (Node & {
      readonly kind: 'declare'
      readonly type: VariableType
      readonly isConst: boolean
      readonly names: readonly DeclaredName[]
    })
  | (Node & {
      readonly kind: 'destructure'
      readonly type: VariableType
      readonly isConst: boolean
      readonly names: readonly (string | undefined)[]
      readonly value: Expr
    })
  | (Node & {
      readonly kind: 'commit'
      readonly stage: Expr | undefined
      readonly publicName: Expr | undefined
      readonly names: readonly string[]
    })
  | (Node & { readonly kind: 'package'; readonly name: string; readonly body: readonly Statement[] })
  | (Node & {
      readonly kind: 'container'
      readonly path: NameNode
      readonly alias: NameSegment | undefined
      readonly body: readonly Statement[]
    })
  | (Node & { readonly kind: 'use'; readonly path: NameNode; readonly alias: NameSegment | undefined })
  | (Node & {
      readonly kind: 'instance'
      readonly isVirtual: boolean
      readonly call: CallNode
      readonly alias: NameSegment | undefined
    })
  | (Node & {
      readonly kind: 'if'
      readonly condition: Expr
      readonly then: Statement
      readonly otherwise: Statement | undefined
    })
  | (Node & { readonly kind: 'doWhile'; readonly condition: Expr; readonly body: Statement })
  | (Node & {
      readonly kind: 'switch'
      readonly value: Expr
      readonly cases: readonly { readonly values: readonly Expr[] | undefined; readonly body: readonly Statement[] }[]
    })
  | (Node & { readonly kind: 'break' })
  | (Node & { readonly kind: 'continue' })
  | (Node & { readonly kind: 'return'; readonly value: Expr | undefined })
  | (Node & { readonly kind: 'assign'; readonly op: AssignOp; readonly target: Expr; readonly value: Expr })
  | (Node & {
      readonly kind: 'constraint'
      readonly left: Expr
      readonly right: Expr
      /** `<==`: the left side is a column that the right side computes. */
      readonly computes: boolean
    })
  | (Node & { readonly kind: 'when'; readonly condition: Expr; readonly body: Statement })
  | (Node & { readonly kind: 'expression'; readonly value: Expr })
  | (Node & {
      readonly kind: 'final'
      readonly scope: ScopeWord
      readonly priority: Expr | undefined
      readonly call: CallNode
    })
  | (Node & { readonly kind: 'hint'; readonly name: string; readonly fields: readonly HintField[] })
  | (Node & { readonly kind: 'pragma'; readonly text: string })
