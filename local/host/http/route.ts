export interface Route {
  /** Parameters by name when the path (without leading slash) matches, otherwise undefined. */
  match(path: string): Record<string, string> | undefined
}

interface Parameter {
  name: string
  catchAll: boolean
  accepts: ((value: string) => boolean)[]
}

const int32 = (value: string) => /^[+-]?\d{1,10}$/.test(value) && Number(value) === (Number(value) | 0)
const int64Max = 2n ** 63n - 1n
const number = (value: string) => value.trim() !== '' && Number.isFinite(Number(value))
const within = (value: string, min: number, max: number) =>
  number(value) && Number(value) >= min && Number(value) <= max

type Constraint = (...args: number[]) => (value: string) => boolean
const constraints: Record<string, Constraint> = {
  int: () => int32,
  long: () => value => /^[+-]?\d{1,19}$/.test(value) && BigInt(value) <= int64Max && BigInt(value) >= -int64Max - 1n,
  bool: () => value => /^(true|false)$/i.test(value),
  guid: () => value =>
    /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(value) || /^[0-9a-f]{32}$/i.test(value),
  alpha: () => value => /^[a-z]*$/i.test(value),
  decimal: () => number,
  double: () => number,
  float: () => number,
  min: min => value => within(value, min ?? 0, Number.POSITIVE_INFINITY),
  max: max => value => within(value, Number.NEGATIVE_INFINITY, max ?? 0),
  range: (min, max) => value => within(value, min ?? 0, max ?? 0),
  minlength: min => value => value.length >= (min ?? 0),
  maxlength: max => value => value.length <= (max ?? 0),
  length: (min, max) => value => value.length >= (min ?? 0) && value.length <= (max ?? min ?? 0),
  required: () => value => value !== '',
}

/**
 * Compiles an ASP.NET route template: {name}, {name?} at the end, {*rest} at the end, inline constraints such as {id:int}.
 * Literals match in any case, and %2F stays encoded inside a segment, as in Azure.
 * @throws Error naming template and function when the template is malformed or reserved
 */
export function compileRoute(template: string, functionName: string): Route {
  const fail = (why: string) => new Error(`route of function "${functionName}" ${why}: current value is "${template}"`)
  const parameters: Parameter[] = []
  const segments = template === '' ? [] : template.split('/')
  if (/^(admin|runtime)$/i.test(segments[0] ?? '')) throw fail('must not start with the reserved "admin" or "runtime"')
  let source = '^'
  for (const [index, segment] of segments.entries()) {
    if (segment === '') throw fail('must not hold an empty segment')
    const isLast = index === segments.length - 1
    const slash = index === 0 ? '' : '/'
    const special = /^\{(\*{1,2})?([a-z_]\w*)((?::[^{}?]+)*)(\?)?\}$/i.exec(segment)
    if (special?.[1] !== undefined || special?.[4] !== undefined) {
      if (!isLast) throw fail('may have an optional or catch-all parameter only at its end')
      const catchAll = special[1] !== undefined
      parameters.push({ name: special[2] ?? '', catchAll, accepts: parseConstraints(special[3] ?? '', fail) })
      source += catchAll ? `(?:${slash}(.*))?` : `(?:${slash}([^/]+))?`
    } else {
      source += slash + segmentSource(segment, parameters, fail)
    }
  }
  const names = parameters.map(({ name }) => name.toLowerCase())
  if (new Set(names).size < names.length) throw fail('must not name a parameter twice')
  const pattern = new RegExp(`${source}/?$`, 'i')
  return { match: path => matchPath(pattern, parameters, path) }
}

function segmentSource(segment: string, parameters: Parameter[], fail: (why: string) => Error): string {
  let source = ''
  let rest = segment
  while (rest !== '') {
    const parameter = /^\{([a-z_]\w*)((?::[^{}]+)*)\}/i.exec(rest)
    const literal = /^[^{}]+/.exec(rest)
    if (parameter !== null) {
      parameters.push({
        name: parameter[1] ?? '',
        catchAll: false,
        accepts: parseConstraints(parameter[2] ?? '', fail),
      })
      source += '([^/]+)'
      rest = rest.slice(parameter[0].length)
    } else if (literal !== null) {
      source += literal[0].replace(/[\\^$.*+?()[\]|]/g, '\\$&')
      rest = rest.slice(literal[0].length)
    } else {
      throw fail(`holds a segment that cannot be read, "${segment}"`)
    }
  }
  return source
}

function parseConstraints(text: string, fail: (why: string) => Error): Parameter['accepts'] {
  return text
    .split(':')
    .slice(1)
    .map(item => {
      const [, name = '', args] = /^(\w+)(?:\(([^()]*)\))?$/.exec(item) ?? []
      const constraint = constraints[name.toLowerCase()]
      const numbers = args === undefined ? [] : args.split(',').map(Number)
      if (constraint === undefined || numbers.some(Number.isNaN)) {
        throw fail(`holds the constraint "${item}", but the local host knows ${Object.keys(constraints).join(', ')}`)
      }
      return constraint(...numbers)
    })
}

function matchPath(pattern: RegExp, parameters: Parameter[], path: string): Record<string, string> | undefined {
  const match = pattern.exec(path)
  if (match === null) return undefined
  const params: Record<string, string> = {}
  for (const [index, { name, catchAll, accepts }] of parameters.entries()) {
    const raw = match[index + 1]
    if (raw === undefined) {
      if (catchAll) params[name] = ''
      continue
    }
    const value = decode(raw)
    if (value === undefined || !accepts.every(accept => accept(value))) return undefined
    params[name] = value
  }
  return params
}

function decode(raw: string): string | undefined {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw.replace(/%2f/gi, '%252F'))
  } catch {
    // A malformed escape matches no route, which answers 404.
    return undefined
  }
}
