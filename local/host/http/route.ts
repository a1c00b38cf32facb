import { type Parameter, parseTemplate, type Segment } from './route-template.ts'

export interface Route {
  /** Parameters by name when the path (without leading slash) matches, otherwise undefined. */
  match(path: string): Record<string, string> | undefined
  /** The same of a path that was taken apart before. */
  matchTexts(texts: readonly string[]): Record<string, string> | undefined
}

type MatchSegment = (text: string, params: Record<string, string>) => boolean

/**
 * Compiles an ASP.NET route template. Literals match in any case, a slash at the end is ignored, and %2F stays encoded inside
 * a segment, as in Azure.
 * @throws Error naming template and function when the template is malformed or reserved
 */
export function compileRoute(template: string, functionName: string): Route {
  const segments = parse(template, functionName)
  const last = segments.at(-1)?.[0]
  const catchAll = typeof last === 'object' && last.catchAll ? last : undefined
  const fixed = (catchAll === undefined ? segments : segments.slice(0, -1)).map(compileSegment)
  const parameters = segments.flat().filter(part => typeof part === 'object')
  const matchTexts = (texts: readonly string[]): Record<string, string> | undefined => {
    if (texts.length > fixed.length && catchAll === undefined) return undefined
    const params: Record<string, string> = {}
    for (let index = 0; index < fixed.length; index++) {
      if (!fixed[index]?.(texts[index] ?? '', params)) return undefined
    }
    const rest = texts.slice(fixed.length).join('/')
    if (catchAll !== undefined && rest !== '') params[catchAll.name] = rest
    return accepted(parameters, params) ? params : undefined
  }
  return {
    match: path => {
      const texts = textsOf(path)
      return texts && matchTexts(texts)
    },
    matchTexts,
  }
}

function parse(template: string, functionName: string): Segment[] {
  const fail = (why: string) => new Error(`route of function "${functionName}" ${why}: current value is "${template}"`)
  let segments: Segment[]
  try {
    segments = parseTemplate(template)
  } catch (cause) {
    throw fail(cause instanceof Error ? cause.message : String(cause))
  }
  const [first] = segments[0] ?? []
  if (typeof first === 'string' && segments[0]?.length === 1 && /^(admin|runtime)$/i.test(first)) {
    throw fail('must not start with the reserved "admin" or "runtime"')
  }
  return segments
}

/** The decoded segments of a path; undefined when an escape in it is malformed, which no route matches. */
export function textsOf(path: string): string[] | undefined {
  const texts = path.split('/')
  if (texts.at(-1) === '') texts.pop()
  if (!path.includes('%')) return texts
  try {
    return texts.map(text => decodeURIComponent(text.replace(/%2f/gi, code => `%25${code.slice(1)}`)))
  } catch {
    // What cannot be decoded is no path of a function.
    return undefined
  }
}

function compileSegment(segment: Segment): MatchSegment {
  const [part] = segment
  if (segment.length > 1 || part === undefined) return compileMixed(segment)
  if (typeof part === 'string') {
    const literal = part.toLowerCase()
    return text => text.length === part.length && text.toLowerCase() === literal
  }
  return (text, params) => {
    if (text !== '') params[part.name] = text
    return text !== '' || part.optional || part.defaultValue !== undefined
  }
}

/** Several parameters and texts in one segment: the leftmost parameter takes as much as it can. */
function compileMixed(segment: Segment): MatchSegment {
  const names = segment.filter(part => typeof part === 'object').map(({ name }) => name)
  const whole = new RegExp(`^${sourceOf(segment)}$`, 'i')
  const last = segment.at(-1)
  const period = segment.at(-2)
  // Without an optional end its period goes as well.
  const isShorter = typeof last === 'object' && last.optional && typeof period === 'string'
  const shorter = isShorter ? [...segment.slice(0, -2), period.slice(0, -1)] : segment
  const patterns = [whole, new RegExp(`^${sourceOf(shorter)}(?<!\\.)$`, 'i')]
  return (text, params) => {
    const match = patterns.map(pattern => pattern.exec(text)).find(found => found !== null)
    for (const [index, name] of names.entries()) {
      const value = match?.[index + 1]
      if (value !== undefined) params[name] = value
    }
    return match !== undefined
  }
}

function sourceOf(segment: Segment): string {
  return segment.map(part => (typeof part === 'string' ? part.replace(/[\\^$.*+?()[\]|{}]/g, '\\$&') : '(.+)')).join('')
}

/** Fills in defaults and checks the constraints; what is optional and absent is not checked. */
function accepted(parameters: Parameter[], params: Record<string, string>): boolean {
  for (const { name, optional, defaultValue, accepts } of parameters) {
    const value = params[name] ?? defaultValue
    if (value === undefined) {
      if (!optional && accepts.length > 0) return false
      continue
    }
    if (!accepts.every(accept => accept(value))) return false
    params[name] = value
  }
  return true
}
