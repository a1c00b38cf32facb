/** An expression of the part of KQL that alerts are written in. */
export type Expression =
  | { type: 'value'; value: unknown }
  | { type: 'column'; name: string }
  | { type: 'property'; of: Expression; name: string }
  | { type: 'call'; name: string; args: Expression[] }
  | { type: 'binary'; operator: string; left: Expression; right: Expression }
  | { type: 'in'; left: Expression; values: Expression[] }

export type Named = { name: string; expression: Expression }
type Operator =
  | { type: 'where'; condition: Expression }
  | { type: 'project' | 'extend'; columns: Named[] }
  | { type: 'summarize'; columns: Named[]; by: Named[] }
export interface Query {
  source: { table: string } | { union: Query[] }
  operators: Operator[]
}

const timespanMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const token = /\s*(?:(\d+(?:\.\d+)?)([mhd])?\b|'([^']*)'|([a-zA-Z_]\w*)|(==|!=|>=|<=|[|().,=<>*/+-]))/y
const levels = [['or'], ['and'], ['==', '!=', '>=', '<=', '>', '<', 'has'], ['+', '-'], ['*', '/']]

interface Token {
  text: string
  value?: unknown
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex
    const found = token.exec(text)
    if (!found) throw new SyntaxError(`No KQL that is known here: ${text.slice(at, at + 40)}`)
    const [, digits, unit, string, word, sign] = found
    if (digits !== undefined) tokens.push({ text: digits, value: Number(digits) * (timespanMs[unit ?? ''] ?? 1) })
    else if (string !== undefined) tokens.push({ text: 'string', value: string })
    else tokens.push({ text: word ?? sign ?? '' })
  }
  return tokens
}

/** A query as a tree. @throws SyntaxError for what this part of KQL has not */
export function parseKql(text: string): Query {
  const tokens = tokensOf(text)
  let at = 0
  const isNext = (word: string) => tokens[at]?.text === word && tokens[at]?.value === undefined
  const take = (word?: string): Token => {
    const next = tokens[at]
    if (!next || (word !== undefined && !isNext(word))) {
      throw new SyntaxError(`${word ?? 'More'} is missing before ${next?.text ?? 'the end'} in: ${text}`)
    }
    at += 1
    return next
  }
  const taken = (word: string) => isNext(word) && take(word) !== undefined
  const many = <T>(one: () => T): T[] => {
    const all = [one()]
    while (taken(',')) all.push(one())
    return all
  }
  const inParentheses = <T>(one: () => T): T => {
    take('(')
    const found = one()
    take(')')
    return found
  }
  const primary = (): Expression => {
    if (isNext('(')) return inParentheses(expression)
    const { text: name, value } = take()
    if (value !== undefined) return { type: 'value', value }
    if (isNext('(')) return { type: 'call', name, args: inParentheses(() => (isNext(')') ? [] : many(expression))) }
    return { type: 'column', name }
  }
  const postfix = (): Expression => {
    let found = primary()
    while (taken('.')) found = { type: 'property', of: found, name: take().text }
    return found
  }
  const binary = (level: number): Expression => {
    const next = () => (level + 1 < levels.length ? binary(level + 1) : postfix())
    let left = next()
    for (;;) {
      if (level === 2 && taken('in')) left = { type: 'in', left, values: inParentheses(() => many(expression)) }
      const operator = levels[level]?.find(isNext)
      if (operator === undefined) return left
      take()
      left = { type: 'binary', operator, left, right: next() }
    }
  }
  const expression = (): Expression => binary(0)
  const named = (): Named => {
    const isAssigned = tokens[at + 1]?.text === '='
    const name = tokens[at]?.text ?? ''
    if (isAssigned) at += 2
    return { name, expression: expression() }
  }
  const operator = (): Operator => {
    const { text: type } = take()
    if (type === 'where') return { type, condition: expression() }
    if (type === 'project' || type === 'extend') return { type, columns: many(named) }
    if (type === 'summarize') return { type, columns: many(named), by: taken('by') ? many(named) : [] }
    throw new SyntaxError(`No operator that is known here: ${type}`)
  }
  const query = (): Query => {
    const { text: table } = take()
    const source = table === 'union' ? { union: many(() => inParentheses(query)) } : { table }
    const operators: Operator[] = []
    while (taken('|')) operators.push(operator())
    return { source, operators }
  }
  const parsed = query()
  if (at < tokens.length) throw new SyntaxError(`Nothing is known of ${tokens[at]?.text} in: ${text}`)
  return parsed
}
