import { badRequest } from '../../errors.ts'

export interface Token {
  kind: 'word' | 'string' | 'number' | 'parameter' | 'symbol' | 'end'
  text: string
  at: number
}

const PATTERN =
  /\s+|--[^\n]*|(?<word>[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<parameter>@[\w$]+)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<symbol>>>>|<>|!=|<=|>=|<<|>>|\|\||\?\?|[-+*/%=<>(),.[\]{}:?&|^~])/suy

/** @throws CosmosError 400 at the first character that begins no token */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex
    const match = PATTERN.exec(sql)
    if (!match) throw syntaxError(sql.slice(at, at + 1), at)
    const groups = match.groups ?? {}
    if (groups.word !== undefined) tokens.push({ kind: 'word', text: groups.word, at })
    else if (groups.number !== undefined) tokens.push({ kind: 'number', text: groups.number, at })
    else if (groups.parameter !== undefined) tokens.push({ kind: 'parameter', text: groups.parameter, at })
    else if (groups.string !== undefined) tokens.push({ kind: 'string', text: unescaped(groups.string, at), at })
    else if (groups.symbol !== undefined) tokens.push({ kind: 'symbol', text: groups.symbol, at })
  }
  tokens.push({ kind: 'end', text: '', at: sql.length })
  return tokens
}

export function syntaxError(near: string, at: number) {
  const what = near === '' ? 'the end of the query' : `'${near}'`
  return badRequest(`Syntax error, incorrect syntax near ${what} at position ${at}.`)
}

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function unescaped(literal: string, at: number): string {
  return literal.slice(1, -1).replace(/\\(u[\da-fA-F]{4}|.)/gs, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (code === 'u') throw syntaxError('\\u', at)
    return ESCAPES[code] ?? code
  })
}
