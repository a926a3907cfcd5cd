import type { Expr, NameNode, Statement } from '../parser/ast.ts'
import { compoundCall, type LoopEmitter, MARK } from './loop-emitter.ts'

/** JavaScript of the statements of a loop; throws NotCompilable for what stays with the interpreter. */
export function emitStatement(out: LoopEmitter, node: Statement): string {
  const place = `P=${out.place(node.span)};`
  switch (node.kind) {
    case 'empty':
    case 'pragma':
      return ''
    case 'block':
      return `{${emitBlock(out, node.body)}}`
    case 'declare':
      return place + emitDeclare(out, node)
    case 'destructure':
      return place + emitDestructure(out, node)
    case 'assign':
      return place + emitAssign(out, node)
    case 'expression':
      return place + emitExpression(out, node.value)
    case 'if': {
      const then = emitBody(out, node.then)
      const otherwise = node.otherwise === undefined ? '' : `else{${emitBody(out, node.otherwise)}}`
      return `${place}if(${out.condition(node.condition)}){${then}}${otherwise}`
    }
    case 'for':
      return out.withBlock(() => {
        const init = node.init === undefined ? '' : emitStatement(out, node.init)
        return `{${init}${emitFor(out, node)}}`
      })
    case 'while':
      return emitWhile(out, node)
    case 'doWhile':
      return `do{${MARK.round}${emitBody(out, node.body)}}while(${out.condition(node.condition)});`
    case 'switch':
      return place + emitSwitch(out, node)
    case 'break':
      return 'break;'
    case 'continue':
      return 'continue;'
    default:
      return out.fail(`${node.kind} in a loop`)
  }
}

/** The rounds of a `for` whose init has run. */
export function emitFor(out: LoopEmitter, node: Statement & { kind: 'for' }): string {
  const condition = node.condition === undefined ? 'true' : out.condition(node.condition)
  const body = emitBody(out, node.body)
  // Steps are expressions of JavaScript, so that `continue` runs them.
  const steps = node.step.map((step) => {
    if (step.kind !== 'assign') return out.fail('a step that is no assignment')
    return emitAssign(out, step).replace(/;$/, '')
  })
  return `for(;${condition};${steps.join(',')}){${MARK.round}${body}}`
}

export function emitWhile(out: LoopEmitter, node: Statement & { kind: 'while' }): string {
  return `while(${out.condition(node.condition)}){${MARK.round}${emitBody(out, node.body)}}`
}

function emitBody(out: LoopEmitter, node: Statement): string {
  if (node.kind === 'block') return emitBlock(out, node.body)
  return emitBlock(out, [node])
}

function emitBlock(out: LoopEmitter, body: readonly Statement[]): string {
  return out.withBlock(() => body.map((statement) => emitStatement(out, statement)).join(''))
}

function emitDeclare(out: LoopEmitter, node: Statement & { kind: 'declare' }): string {
  if (node.type !== 'int') return out.fail(`a declaration of type ${node.type}`)
  let code = ''
  for (const name of node.names) {
    if (name.scope !== undefined || typeof name.name !== 'string') return out.fail('a declaration in another scope')
    if (name.dims.length === 0) {
      if (name.init === undefined && node.isConst) return out.fail('a constant without a value')
      const value = name.init === undefined ? '0' : out.int(name.init)
      code += `let ${out.declareLocal(name.name, 0, node.isConst)}=${value};`
      continue
    }
    const dims = name.dims.map((dim) => (dim === undefined ? out.fail('an open dimension') : out.int(dim)))
    let value = `makeArray(${node.isConst},${dims.join(',')})`
    if (name.init !== undefined) value = `fillArray(${value},[${listItems(out, name.init).join(',')}])`
    if (name.init !== undefined && dims.length > 1) return out.fail('a nested initialiser')
    code += `const ${out.declareLocal(name.name, dims.length, node.isConst)}=${value};`
  }
  return code
}

function listItems(out: LoopEmitter, node: Expr): string[] {
  if (node.kind !== 'list' || node.fill) return out.fail('an initialiser that is no list')
  return node.items.map((item) => {
    if (item.spread || item.fill || item.times !== undefined || item.range !== undefined) return out.fail('a sequence')
    return out.int(item.value)
  })
}

function emitDestructure(out: LoopEmitter, node: Statement & { kind: 'destructure' }): string {
  if (node.type !== 'int') return out.fail(`a declaration of type ${node.type}`)
  const items = listItems(out, node.value)
  if (items.length < node.names.length) return out.fail('too few values')
  let code = ''
  // All values first: they cannot see the new names.
  const values = node.names.map((name, i) => ({ name, value: items[i]! }))
  for (const { name, value } of values)
    if (name !== undefined) code += `let ${out.declareLocal(name, 0, node.isConst)}=${value};`
  return code
}

function emitAssign(out: LoopEmitter, node: Statement & { kind: 'assign' }): string {
  const { target } = node
  const call = compoundCall(node.op)
  if (node.op !== '=' && call === undefined) return out.fail(node.op)
  if (node.value.kind === 'list') return out.fail('a list')
  const value = out.int(node.value)
  if (target.kind === 'name') {
    const js = assignable(out, target)
    return `${js}=${call === undefined ? value : `${call}(${js},${value})`};`
  }
  if (target.kind !== 'index') return out.fail('a target')
  const index = out.int(target.index)
  const column = out.column(target.base)
  if (column !== undefined) {
    if ('js' in column) {
      if (call === undefined) return `writeStore(${column.js},${index},${value});`
      return `writeStore(T=${column.js},${index},${call}(readStore(T,${index}),${value}));`
    }
    const { cell } = column
    cell.written = true
    const row = `${cell.js}h,${index}`
    const old = `readRow(${row},${cell.js}n)`
    if (call !== undefined) cell.read = true
    return `writeRow(${row},${call === undefined ? value : `${call}(${old},${value})`},${cell.js}n);`
  }
  const array = out.array(target.base)
  if (array === undefined || array.columns || array.dimensions !== 1) return out.fail('a target')
  if (array.cell !== undefined) out.hasEffects = true
  const old = `element(${array.js},${index})`
  return `setElement(${array.js},${index},${call === undefined ? value : `${call}(${old},${value})`});`
}

/** JavaScript name of a variable that may be assigned. */
function assignable(out: LoopEmitter, node: NameNode): string {
  const js = out.int(node)
  if (js.startsWith('l')) return out.isConstLocal(node) ? out.fail('a constant') : js
  const cell = out.cell(node)
  const { variable } = cell
  if (variable === undefined || variable.isConst || variable.type !== 'int') return out.fail('a constant')
  if (node.segments.at(-1) === 'N') return out.fail('N')
  cell.assigned = true
  return js
}

function emitExpression(out: LoopEmitter, node: Expr): string {
  if (node.kind !== 'call') return out.fail('a value without effect')
  const name = node.callee.segments.map((segment) => (typeof segment === 'string' ? segment : '`')).join('.')
  if (out.isProgramFunction(node.callee)) return `${out.callStatement(node)};`
  const texts = () => `[${node.args.map((arg) => out.text(arg.value)).join(',')}].join(" ")`
  const place = out.place(node.span)
  switch (name) {
    case 'log':
      return ''
    case 'println':
    case 'print':
      out.hasEffects = true
      return `print(${texts()});`
    case 'error':
      return `raise("PIL_USER_ERROR",${texts()},${place});`
    case 'assert': {
      const condition = node.args[0]
      if (condition === undefined || node.args.length !== 1) return out.fail(name)
      return `if(!(${out.condition(condition.value)}))raise("PIL_ASSERT","assertion failed",${place});`
    }
    case 'assert_eq': {
      const [left, right] = node.args
      if (left === undefined || right === undefined || node.args.length !== 2) return out.fail(name)
      return `if(${out.int(left.value)}!==${out.int(right.value)})raise("PIL_ASSERT","assertion failed",${place});`
    }
    default:
      return out.fail(name)
  }
}

/** A chain of ifs in a one-round loop: no case falls through, and `break` leaves the switch. */
function emitSwitch(out: LoopEmitter, node: Statement & { kind: 'switch' }): string {
  const value = out.int(node.value)
  const js = out.withBlock(() => out.declareLocal(' switch', 0, true))
  let chain = ''
  let fallback = ''
  for (const entry of node.cases) {
    const body = emitCase(out, entry.body)
    if (entry.values === undefined) {
      fallback = body
      continue
    }
    const test = entry.values.map((label) => `${js}===${out.int(label)}`).join('||')
    chain += `${chain === '' ? '' : 'else '}if(${test}){${body}}`
  }
  const otherwise = fallback === '' ? '' : chain === '' ? `{${fallback}}` : `else{${fallback}}`
  return `const ${js}=${value};${chain}${otherwise}`
}

function emitCase(out: LoopEmitter, body: readonly Statement[]): string {
  if (hasJump(body)) return out.fail('break inside a switch')
  return emitBlock(out, body)
}

/** True when a `break` in the body would leave the switch rather than a loop of the body. */
function hasJump(body: readonly Statement[]): boolean {
  return body.some((node) => {
    if (node.kind === 'break') return true
    if (node.kind === 'block') return hasJump(node.body)
    if (node.kind === 'if') return hasJump([node.then]) || (node.otherwise !== undefined && hasJump([node.otherwise]))
    return false
  })
}
