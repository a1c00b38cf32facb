import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Language, Parser, type Node as TreeNode } from 'web-tree-sitter'

/** A piece of a Bicep file: what tree-sitter found, with postfix operators and lambdas bound as Bicep binds them. */
export interface Syntax {
  kind: string
  text: string
  start: number
  end: number
  file: string
  /** Counted from 1. */
  line: number
  /** Named parts in the file's order, comments left out. */
  parts: Syntax[]
  fields: Readonly<Record<string, Syntax>>
  /** Whether `existing` stands before the equals sign. */
  existing?: boolean
  operator?: string
  /** Whether a missing property gives null: `.?name`. */
  safe?: boolean
}

/** What a reader of Bicep does not know or cannot accept, and where. */
export class BicepError extends Error {
  constructor({ file, line }: { file: string; line: number }, message: string) {
    super(`${file}:${line}: ${message}`)
    this.name = 'BicepError'
  }
}

const require = createRequire(import.meta.url)
const grammar = join(dirname(require.resolve('tree-sitter-bicep/package.json')), 'tree-sitter-bicep.wasm')

let parser: Parser | undefined

/** Has to be awaited once before parseBicep(). */
export async function loadBicepGrammar(): Promise<void> {
  if (parser !== undefined) return
  await Parser.init()
  const loaded = new Parser()
  loaded.setLanguage(await Language.load(readFileSync(grammar)))
  parser = loaded
}

/**
 * The syntax of a Bicep file.
 * @throws BicepError naming file and line of the first thing that is not Bicep
 */
export function parseBicep(text: string, file: string): Syntax {
  if (parser === undefined) throw new Error('loadBicepGrammar() has to be awaited before parseBicep()')
  const tree = parser.parse(text)
  if (tree === null) throw new Error(`${file} was not parsed`)
  try {
    refuseErrors(tree.rootNode, file)
    return syntaxOf(tree.rootNode, file)
  } finally {
    tree.delete()
  }
}

function refuseErrors(node: TreeNode, file: string): void {
  if (!node.hasError) return
  if (node.isError || node.isMissing) {
    const found = node.isMissing ? `${node.type} is missing` : `cannot be parsed: ${node.text.slice(0, 60)}`
    throw new BicepError({ file, line: node.startPosition.row + 1 }, found)
  }
  for (const child of node.children) if (child !== null) refuseErrors(child, file)
}

function syntaxOf(node: TreeNode, file: string): Syntax {
  const parts: Syntax[] = []
  const fields: Record<string, Syntax> = {}
  const made: Syntax = {
    ...{ kind: node.type, text: node.text, start: node.startIndex, end: node.endIndex },
    ...{ file, line: node.startPosition.row + 1, parts, fields },
  }
  for (let index = 0; index < node.childCount; index++) {
    const child = node.child(index)
    if (child === null) continue
    const field = node.fieldNameForChild(index)
    if (!child.isNamed) {
      if (child.type === 'existing') made.existing = true
      if (child.type === '.?' || child.type === '?') made.safe = true
      if (field === 'operator') made.operator = child.type
      continue
    }
    if (child.type === 'comment' || child.type === 'diagnostic_comment') continue
    const part = syntaxOf(child, file)
    parts.push(part)
    if (field !== null) fields[field] = part
  }
  return looseOutside(postfixInside(made.kind === 'array' ? withSubscripts(made) : made))
}

/** The grammar reads `[a['b']]` as an array of a and ['b'], as it asks for no commas. */
function withSubscripts(array: Syntax): Syntax {
  const parts: Syntax[] = []
  for (const part of array.parts) {
    const before = parts.at(-1)
    const [index] = part.parts
    if (before?.end !== part.start || part.kind !== 'array' || index === undefined) {
      parts.push(part)
      continue
    }
    const { start, file, line } = before
    const text = before.text + part.text
    const fields = { object: before, index }
    parts[parts.length - 1] = {
      ...{ kind: 'subscript_expression', text, start, end: part.end, file, line, parts: [before, index], fields },
    }
  }
  return { ...array, parts }
}

/** The part of an operator that a following `.name`, `[index]` or `(arguments)` belongs to. */
const lastOperand: Readonly<Record<string, string>> = {
  unary_expression: 'argument',
  binary_expression: 'right',
  ternary_expression: 'alternative',
  lambda_expression: '1',
}
const postfixOperand: Readonly<Record<string, string>> = {
  member_expression: 'object',
  subscript_expression: 'object',
  resource_expression: 'object',
  call_expression: 'function',
}

/** The grammar reads `!a.b` as `(!a).b`, Bicep as `!(a.b)`. */
function postfixInside(node: Syntax): Syntax {
  const field = postfixOperand[node.kind]
  const operand = field === undefined ? undefined : partOf(node, field)
  const last = operand === undefined ? undefined : lastOperand[operand.kind]
  if (field === undefined || operand === undefined || last === undefined) return node
  const inner = partOf(operand, last)
  return inner === undefined ? node : replaced(operand, last, postfixInside(replaced(node, field, inner)))
}

const firstOperand: Readonly<Record<string, string>> = {
  binary_expression: 'left',
  ternary_expression: 'condition',
}
/** Looser ones first. */
const binaryOperators = [
  ['??'],
  ['||'],
  ['&&'],
  ['==', '!=', '=~', '!~'],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]

function tightness({ kind, operator = '' }: Syntax): number {
  if (kind === 'lambda_expression') return -2
  if (kind === 'ternary_expression') return -1
  if (kind === 'binary_expression') return binaryOperators.findIndex(operators => operators.includes(operator))
  return binaryOperators.length
}

/** The grammar reads `x => x.a && b` as `(x => x.a) && b`, and `a ? b : c.d == e` as `(a ? b : c.d) == e`. */
function looseOutside(node: Syntax): Syntax {
  const field = firstOperand[node.kind]
  const operand = field === undefined ? undefined : partOf(node, field)
  const last = operand === undefined ? undefined : lastOperand[operand.kind]
  if (field === undefined || operand === undefined || last === undefined) return node
  const isLooser =
    tightness(operand) < tightness(node) || (node.kind === 'ternary_expression' && operand.kind === node.kind)
  const inner = partOf(operand, last)
  if (!isLooser || inner === undefined) return node
  return looseOutside(replaced(operand, last, looseOutside(replaced(node, field, inner))))
}

function partOf(node: Syntax, name: string): Syntax | undefined {
  return node.fields[name] ?? node.parts[Number(name)]
}

function replaced(node: Syntax, name: string, by: Syntax): Syntax {
  const before = partOf(node, name)
  return {
    ...node,
    parts: node.parts.map(part => (part === before ? by : part)),
    fields: Object.fromEntries(Object.entries(node.fields).map(([key, part]) => [key, part === before ? by : part])),
  }
}
