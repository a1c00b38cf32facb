import type { Aggregate, BinaryOperator, Scalar } from './ast.ts'
import type { TokenStream } from './token-stream.ts'

const RESERVED = new Set(
  'SELECT FROM WHERE GROUP ORDER BY TOP DISTINCT VALUE AS JOIN IN AND OR NOT BETWEEN LIKE ESCAPE OFFSET LIMIT ASC DESC EXISTS'.split(
    ' ',
  ),
)
const COMPARISONS = new Set(['=', '!=', '<>', '<', '<=', '>', '>='])

// Tightest last; the operators of one row bind from left to right.
const LEVELS: BinaryOperator[][] = [['|'], ['^'], ['&'], ['<<', '>>', '>>>'], ['+', '-', '||'], ['*', '/', '%']]

/** One scalar expression: conditional, ??, OR, AND, NOT, comparison, bit and arithmetic operators, in this order. */
export function parseScalar(tokens: TokenStream): Scalar {
  const test = parseCoalesce(tokens)
  if (!tokens.takeSymbol('?')) return test
  const yes = parseScalar(tokens)
  tokens.needSymbol(':')
  return { type: 'conditional', test, yes, no: parseScalar(tokens) }
}

export function isReserved(word: string): boolean {
  return RESERVED.has(word.toUpperCase())
}

function parseCoalesce(tokens: TokenStream): Scalar {
  let left = parseOr(tokens)
  while (tokens.takeSymbol('??')) left = { type: 'binary', operator: '??', left, right: parseOr(tokens) }
  return left
}

function parseOr(tokens: TokenStream): Scalar {
  let left = parseAnd(tokens)
  while (tokens.takeWord('OR')) left = { type: 'binary', operator: 'OR', left, right: parseAnd(tokens) }
  return left
}

function parseAnd(tokens: TokenStream): Scalar {
  let left = parseNot(tokens)
  while (tokens.takeWord('AND')) left = { type: 'binary', operator: 'AND', left, right: parseNot(tokens) }
  return left
}

function parseNot(tokens: TokenStream): Scalar {
  if (tokens.takeWord('NOT')) return not(parseNot(tokens))
  return parseComparison(tokens)
}

function parseComparison(tokens: TokenStream): Scalar {
  let left = parseLevel(tokens, 0)
  for (;;) {
    if (tokens.token.kind === 'symbol' && COMPARISONS.has(tokens.token.text)) {
      const symbol = tokens.take().text
      const operator = (symbol === '<>' ? '!=' : symbol) as BinaryOperator
      left = { type: 'binary', operator, left, right: parseLevel(tokens, 0) }
      continue
    }
    const negated = tokens.isWord('NOT') && ['IN', 'BETWEEN', 'LIKE'].some(word => tokens.isWord(word, 1))
    if (negated) tokens.take()
    const found = parsePredicate(tokens, left)
    if (!found) return left
    left = negated ? not(found) : found
  }
}

function parsePredicate(tokens: TokenStream, operand: Scalar): Scalar | undefined {
  if (tokens.takeWord('IN')) {
    tokens.needSymbol('(')
    return { type: 'in', operand, options: parseList(tokens, ')') }
  }
  if (tokens.takeWord('BETWEEN')) {
    const low = parseLevel(tokens, 0)
    tokens.needWord('AND')
    return { type: 'between', operand, low, high: parseLevel(tokens, 0) }
  }
  if (tokens.takeWord('LIKE')) {
    const pattern = parseLevel(tokens, 0)
    const escapeBy = tokens.takeWord('ESCAPE') ? tokens.take() : undefined
    if (escapeBy && (escapeBy.kind !== 'string' || escapeBy.text.length !== 1)) throw tokens.error()
    return { type: 'like', operand, pattern, escapeBy: escapeBy?.text }
  }
  return undefined
}

function parseLevel(tokens: TokenStream, level: number): Scalar {
  const operators = LEVELS[level]
  if (!operators) return parseUnary(tokens)
  let left = parseLevel(tokens, level + 1)
  for (;;) {
    const operator = operators.find(symbol => tokens.isSymbol(symbol))
    if (!operator) return left
    tokens.take()
    left = { type: 'binary', operator, left, right: parseLevel(tokens, level + 1) }
  }
}

function parseUnary(tokens: TokenStream): Scalar {
  for (const operator of ['-', '+', '~'] as const) {
    if (!tokens.takeSymbol(operator)) continue
    const operand = parseUnary(tokens)
    if (operator === '-' && operand.type === 'constant' && typeof operand.value === 'number') {
      return { type: 'constant', value: -operand.value }
    }
    return { type: 'unary', operator, operand }
  }
  return parseMembers(tokens)
}

function parseMembers(tokens: TokenStream): Scalar {
  let target = parsePrimary(tokens)
  for (;;) {
    if (tokens.takeSymbol('.')) {
      target = { type: 'member', target, key: { type: 'constant', value: tokens.needName() } }
    } else if (tokens.takeSymbol('[')) {
      const key = parseScalar(tokens)
      tokens.needSymbol(']')
      target = { type: 'member', target, key }
    } else {
      return target
    }
  }
}

function parsePrimary(tokens: TokenStream): Scalar {
  const { token } = tokens
  switch (token.kind) {
    case 'number':
      tokens.take()
      return { type: 'constant', value: Number(token.text) }
    case 'string':
      tokens.take()
      return { type: 'constant', value: token.text }
    case 'parameter':
      tokens.take()
      return { type: 'parameter', name: token.text }
    case 'word':
      return parseWord(tokens)
    case 'symbol':
      return parseBracketed(tokens)
    case 'end':
      throw tokens.error()
  }
}

function parseWord(tokens: TokenStream): Scalar {
  if (tokens.isWord('EXISTS') && tokens.isSymbol('(', 1)) return parseSubquery(tokens, 'EXISTS')
  if (tokens.isWord('ARRAY') && tokens.isSymbol('(', 1) && tokens.isWord('SELECT', 2)) {
    return parseSubquery(tokens, 'ARRAY')
  }
  if (isReserved(tokens.token.text)) throw tokens.error()
  const word = tokens.take().text
  if (tokens.isSymbol('(')) return parseCall(tokens, word)
  switch (word) {
    case 'true':
      return { type: 'constant', value: true }
    case 'false':
      return { type: 'constant', value: false }
    case 'null':
      return { type: 'constant', value: null }
    case 'undefined':
      return { type: 'undefined' }
    default:
      return { type: 'alias', name: word }
  }
}

function parseCall(tokens: TokenStream, word: string): Scalar {
  tokens.needSymbol('(')
  const name = word.toUpperCase()
  if (['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'].includes(name)) {
    const operand = parseScalar(tokens)
    tokens.needSymbol(')')
    return { type: 'aggregate', name: name as Aggregate, operand }
  }
  return { type: 'call', name, args: tokens.takeSymbol(')') ? [] : parseList(tokens, ')') }
}

function parseBracketed(tokens: TokenStream): Scalar {
  if (tokens.isSymbol('(')) {
    if (tokens.isWord('SELECT', 1)) return parseSubquery(tokens, 'SCALAR')
    tokens.take()
    const inner = parseScalar(tokens)
    tokens.needSymbol(')')
    return inner
  }
  if (tokens.takeSymbol('[')) return { type: 'array', items: tokens.takeSymbol(']') ? [] : parseList(tokens, ']') }
  if (!tokens.takeSymbol('{')) throw tokens.error()
  const properties: { key: string; value: Scalar }[] = []
  if (tokens.takeSymbol('}')) return { type: 'object', properties }
  do {
    if (tokens.token.kind !== 'string' && tokens.token.kind !== 'word') throw tokens.error()
    const key = tokens.take().text
    tokens.needSymbol(':')
    properties.push({ key, value: parseScalar(tokens) })
  } while (tokens.takeSymbol(','))
  tokens.needSymbol('}')
  return { type: 'object', properties }
}

function parseSubquery(tokens: TokenStream, kind: 'EXISTS' | 'ARRAY' | 'SCALAR'): Scalar {
  if (kind !== 'SCALAR') tokens.take()
  tokens.needSymbol('(')
  const query = tokens.subquery()
  tokens.needSymbol(')')
  return { type: 'subquery', kind, query }
}

function parseList(tokens: TokenStream, end: string): Scalar[] {
  const items = [parseScalar(tokens)]
  while (tokens.takeSymbol(',')) items.push(parseScalar(tokens))
  tokens.needSymbol(end)
  return items
}

function not(operand: Scalar): Scalar {
  return { type: 'unary', operator: 'NOT', operand }
}
