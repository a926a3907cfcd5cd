import type { Runtime } from '../eval/runtime.ts'
import type { Scope } from '../eval/scope.ts'
import type { ForNode, WhileNode } from '../parser/ast.ts'

export class LoopCompiler {
  readonly rt: Runtime
  readonly node: ForNode | WhileNode
  constructor(rt: Runtime, node: ForNode | WhileNode) {
    this.rt = rt
    this.node = node
  }
  run(_scope: Scope): boolean {
    return false
  }
}
