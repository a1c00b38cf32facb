import { badRequest } from '../../errors.ts'
import { impliedName, type Projection, type Query, type Scalar, type Source } from './ast.ts'
import { tokenize } from './lexer.ts'
import { isReserved, parseScalar } from './parse-scalar.ts'
import { TokenStream } from './token-stream.ts'

/** @throws CosmosError 400 naming the place of the first mistake */
export function parseQuery(sql: string): Query {
  const tokens = new TokenStream(tokenize(sql), selectQuery)
  const query = selectQuery(tokens)
  if (tokens.token.kind !== 'end') throw tokens.error()
  return query
}

function selectQuery(tokens: TokenStream): Query {
  tokens.needWord('SELECT')
  const distinct = tokens.takeWord('DISTINCT')
  const top = tokens.takeWord('TOP') ? parseCount(tokens) : undefined
  const select = parseProjection(tokens)
  const from = tokens.takeWord('FROM') ? parseSources(tokens) : []
  const where = tokens.takeWord('WHERE') ? parseScalar(tokens) : undefined
  const groupBy = tokens.isWord('GROUP') ? parseGroupBy(tokens) : []
  const orderBy = tokens.isWord('ORDER') ? parseOrderBy(tokens) : []
  let offset: Scalar | undefined
  let limit: Scalar | undefined
  if (tokens.takeWord('OFFSET')) {
    offset = parseCount(tokens)
    tokens.needWord('LIMIT')
    limit = parseCount(tokens)
  }
  if (top && offset) throw badRequest("'TOP' and 'OFFSET LIMIT' cannot be used in the same query.")
  return { distinct, top, select, from, where, groupBy, orderBy, offset, limit }
}

function parseCount(tokens: TokenStream): Scalar {
  const token = tokens.take()
  if (token.kind === 'parameter') return { type: 'parameter', name: token.text }
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) {
    throw badRequest(`Syntax error at position ${token.at}: expected a number or a parameter, found '${token.text}'.`)
  }
  return { type: 'constant', value: Number(token.text) }
}

function parseProjection(tokens: TokenStream): Projection {
  if (tokens.takeSymbol('*')) return { type: 'all' }
  if (tokens.takeWord('VALUE')) return { type: 'value', value: parseScalar(tokens) }
  const items: { key: string; value: Scalar }[] = []
  let unnamed = 0
  do {
    const value = parseScalar(tokens)
    let key = parseAlias(tokens) ?? impliedName(value)
    if (key === undefined) {
      unnamed += 1
      key = `$${unnamed}`
    }
    if (items.some(item => item.key === key)) {
      throw badRequest(`Duplicate property name '${key}' was found in the SELECT list: give one of them an alias.`)
    }
    items.push({ key, value })
  } while (tokens.takeSymbol(','))
  return { type: 'list', items }
}

function parseAlias(tokens: TokenStream): string | undefined {
  if (tokens.takeWord('AS')) return tokens.needName()
  const { token } = tokens
  return token.kind === 'word' && !isReserved(token.text) ? tokens.take().text : undefined
}

function parseSources(tokens: TokenStream): Source[] {
  const sources = [parseSource(tokens)]
  while (tokens.takeWord('JOIN')) sources.push(parseSource(tokens))
  const seen = new Set<string>()
  for (const { alias } of sources) {
    if (seen.has(alias)) throw badRequest(`The input alias '${alias}' is specified more than once in the FROM clause.`)
    seen.add(alias)
  }
  return sources
}

function parseSource(tokens: TokenStream): Source {
  if (tokens.isWord('IN', 1)) {
    const alias = tokens.needName()
    tokens.needWord('IN')
    return { alias, path: parsePath(tokens), each: true }
  }
  const path = parsePath(tokens)
  const alias = parseAlias(tokens) ?? impliedName(path)
  if (alias === undefined) throw tokens.error()
  return { alias, path, each: path.type === 'subquery' }
}

function parsePath(tokens: TokenStream): Scalar {
  if (tokens.takeSymbol('(')) {
    const query = tokens.subquery()
    tokens.needSymbol(')')
    return { type: 'subquery', kind: 'ARRAY', query }
  }
  if (tokens.token.kind !== 'word' || isReserved(tokens.token.text)) throw tokens.error()
  let path: Scalar = { type: 'alias', name: tokens.take().text }
  while (tokens.isSymbol('.') || tokens.isSymbol('[')) {
    if (tokens.takeSymbol('.')) {
      path = { type: 'member', target: path, key: { type: 'constant', value: tokens.needName() } }
      continue
    }
    tokens.take()
    path = { type: 'member', target: path, key: parseScalar(tokens) }
    tokens.needSymbol(']')
  }
  return path
}

function parseGroupBy(tokens: TokenStream): Scalar[] {
  tokens.needWord('GROUP')
  tokens.needWord('BY')
  const keys = [parseScalar(tokens)]
  while (tokens.takeSymbol(',')) keys.push(parseScalar(tokens))
  return keys
}

function parseOrderBy(tokens: TokenStream): Query['orderBy'] {
  tokens.needWord('ORDER')
  tokens.needWord('BY')
  const items: Query['orderBy'] = []
  do {
    const value = parseScalar(tokens)
    const descending = tokens.takeWord('DESC')
    if (!descending) tokens.takeWord('ASC')
    items.push({ value, descending })
  } while (tokens.takeSymbol(','))
  return items
}
