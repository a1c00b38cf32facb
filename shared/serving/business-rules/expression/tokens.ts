import { ExpressionError } from './expression-error.ts'

/** A piece of an expression and where it begins, counted from 1. */
export interface Token {
  type: 'text' | 'number' | 'name' | 'symbol' | 'end'
  /** As written; of a text, what stands between its quotes. */
  value: string
  at: number
}

const pattern =
  /\s*(?:(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<name>\$?[A-Za-z_]\w*)|(?<text>"(?:[^"\\]|\\["\\])*"|'(?:[^'\\]|\\['\\])*')|(?<symbol>!=|<=|>=|[=<>(),]))/y

/** The pieces of an expression, with one of type `end` after the last. @throws ExpressionError at the first that is none */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  pattern.lastIndex = 0
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex
    const found = pattern.exec(text)
    if (!found) throw unreadable(text, from)
    tokens.push(token(found))
  }
  return [...tokens, { type: 'end', value: '', at: end + 1 }]
}

function token({ 0: all, index, groups = {} }: RegExpExecArray): Token {
  const { number, name, text, symbol } = groups
  const at = index + all.length - (number ?? name ?? text ?? symbol ?? '').length + 1
  if (number !== undefined) return { type: 'number', value: number, at }
  if (name !== undefined) return { type: 'name', value: name, at }
  if (text !== undefined) return { type: 'text', value: text.slice(1, -1).replaceAll(/\\(.)/g, '$1'), at }
  return { type: 'symbol', value: symbol ?? '', at }
}

function unreadable(text: string, from: number): ExpressionError {
  const rest = text.slice(from)
  const index = from + rest.length - rest.trimStart().length
  const start = text[index] ?? ''
  const expected =
    start === '"' || start === "'"
      ? `text that ends with ${start}`
      : /[-\d.]/.test(start)
        ? 'a number as 12 or 0.5'
        : 'a name, a number, text in quotes or an operator'
  return new ExpressionError({ expected, found: rest.trim().split(/\s/)[0] ?? '', at: index + 1, text })
}
