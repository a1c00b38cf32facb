import { type Accepts, routeConstraint } from './route-constraints.ts'

export interface Parameter {
  name: string
  catchAll: boolean
  optional: boolean
  defaultValue: string | undefined
  accepts: Accepts[]
}

/** What a segment is made of, in order; a text is literal. */
export type Segment = (string | Parameter)[]

/**
 * Parses an ASP.NET route template: {name}, {name?}, {name=default}, {*rest}, {name:constraint}, several in a segment, and
 * braces doubled where they are meant literally.
 * @throws Error saying what is wrong with it
 */
export function parseTemplate(template: string): Segment[] {
  const segments: Segment[] = [[]]
  let at = 0
  const last = () => segments.at(-1) as Segment
  while (at < template.length) {
    const rest = template.slice(at)
    const [separator] = /^\//.exec(rest) ?? []
    const [parameter] = /^\{(?!\{)(?:\{\{|\}\}|[^{}])*\}/.exec(rest) ?? []
    const [literal] = /^(?:\{\{|\}\}|[^{}/?])+/.exec(rest) ?? []
    if (separator !== undefined) segments.push([])
    else if (parameter !== undefined) last().push(parseParameter(unescaped(parameter.slice(1, -1))))
    else if (literal !== undefined) last().push(unescaped(literal))
    else throw new Error(`cannot be read at "${rest}"`)
    at += (separator ?? parameter ?? literal ?? '').length
  }
  if (last().length === 0) segments.pop()
  checkSegments(segments)
  return segments
}

function parseParameter(text: string): Parameter {
  const [, stars = '', name = '', tail = ''] = /^(\*{0,2})([^/{}?*:=]*)([\s\S]*)$/.exec(text) ?? []
  if (name === '') throw new Error(`holds a parameter without a name, "{${text}}"`)
  const optional = tail.endsWith('?')
  const { constraints, defaultValue } = parseTail(optional ? tail.slice(0, -1) : tail, text)
  const accepts = constraints.map(routeConstraint)
  if (optional && stars !== '') throw new Error(`holds the catch-all parameter "${name}", which cannot be optional`)
  if (optional && defaultValue !== undefined) {
    throw new Error(`holds the optional parameter "${name}", which cannot have a default`)
  }
  return { name, catchAll: stars !== '', optional, defaultValue, accepts }
}

/** Constraints begin with a colon and may hold anything in parentheses; a default begins with = and ends the parameter. */
function parseTail(tail: string, parameter: string) {
  const constraints: string[] = []
  let rest = tail
  while (rest.startsWith(':')) {
    const [all = '', constraint = ''] =
      /^:([^:=()]*\([\s\S]*?\)(?=[:=]|$))/.exec(rest) ?? /^:([^:=()]*)/.exec(rest) ?? []
    if (constraint === '') throw new Error(`holds a constraint that cannot be read, "{${parameter}}"`)
    constraints.push(constraint)
    rest = rest.slice(all.length)
  }
  if (rest !== '' && !rest.startsWith('=')) throw new Error(`holds a parameter that cannot be read, "{${parameter}}"`)
  return { constraints, defaultValue: rest === '' ? undefined : rest.slice(1) }
}

function checkSegments(segments: Segment[]): void {
  const names = new Set<string>()
  for (const [index, segment] of segments.entries()) {
    if (segment.length === 0) throw new Error('must not hold an empty segment')
    for (const [place, part] of segment.entries()) {
      if (typeof part === 'string') continue
      const { name, catchAll, optional } = part
      if (names.has(name.toLowerCase())) throw new Error(`must not name the parameter "${name}" twice`)
      names.add(name.toLowerCase())
      if (typeof segment[place - 1] === 'object') throw new Error(`must hold a text in front of "{${name}}"`)
      if (catchAll && (index < segments.length - 1 || segment.length > 1)) {
        throw new Error(`may have a catch-all parameter only as its end: "${name}" is not`)
      }
      const before = segment[place - 1]
      const isBehindPeriod = place === segment.length - 1 && typeof before === 'string' && before.endsWith('.')
      if (optional && segment.length > 1 && !isBehindPeriod) {
        throw new Error(
          `may have an optional parameter only as a segment or behind its last period: "${name}" is neither`,
        )
      }
    }
  }
}

function unescaped(text: string): string {
  return text.replaceAll('{{', '{').replaceAll('}}', '}')
}
