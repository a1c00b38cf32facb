import { nearestName } from './nearest-name.ts'
import { timeSpanMs } from './time-span.ts'

/** A value of a configuration file, or of the setting that overrides it. */
export interface Leaf {
  /** Names from the outside in. */
  path: string[]
  value: unknown
  /** Where it stands, for errors. */
  source: string
}

interface Range {
  min?: number
  max?: number
}

/** Reads a configuration by name. Names and words are taken without regard to case, numbers and booleans also from text, as .NET does. */
export interface ConfigReader {
  integer<Otherwise>(path: string, range: Range, otherwise: Otherwise): number | Otherwise
  number(path: string, range: Range, otherwise: number): number
  boolean(path: string, otherwise: boolean): boolean
  /** Milliseconds of a .NET TimeSpan; the range is in milliseconds too. */
  timeSpan<Otherwise>(path: string, range: Range, otherwise: Otherwise): number | Otherwise
  oneOf<Word extends string, Otherwise>(path: string, words: readonly Word[], otherwise: Otherwise): Word | Otherwise
  text<Otherwise>(path: string, otherwise: Otherwise): string | Otherwise
  texts(path: string): string[] | undefined
  /** What stands below a name, by whatever names. */
  entries(path: string): Leaf[]
  /** Whether anything stands there. */
  has(path: string): boolean
  /** An error about the value that stands there. */
  wrong(path: string, must: string): RangeError
  /** The names that nothing has asked for, each with the nearest known one. */
  unknown(): { name: string; source: string; nearest: string | undefined }[]
}

const keyOf = (path: string[]) => path.join(':').toLowerCase()
/** "a.b" in this reader's calls names a below which b stands. */
const segments = (path: string) => path.split('.')

/** A reader of these values; of two with the same names the later counts. */
export function configReader(leaves: Leaf[]): ConfigReader {
  const byKey = new Map(leaves.map(leaf => [keyOf(leaf.path), leaf]))
  const asked = new Set<string>()

  function below(path: string): Leaf[] {
    const prefix = `${keyOf(segments(path))}:`
    return [...byKey].filter(([key]) => key.startsWith(prefix)).map(([, leaf]) => leaf)
  }
  function find(path: string): Leaf | undefined {
    asked.add(path)
    const leaf = byKey.get(keyOf(segments(path)))
    if (leaf === undefined && below(path).length > 0) throw wrong(path, 'must be a single value')
    return leaf?.value === null ? undefined : leaf
  }
  function wrong(path: string, must: string): RangeError {
    const [leaf = { value: undefined, source: 'the configuration' }] = [
      byKey.get(keyOf(segments(path))),
      ...below(path),
    ].filter(one => one !== undefined)
    return new RangeError(`${path} in ${leaf.source} ${must}: current value is ${JSON.stringify(leaf.value)}`)
  }
  /** Reads a value with `parse`, which gives undefined for one that is none of its kind. */
  function read<Value, Otherwise>(
    path: string,
    parse: (text: string) => Value | undefined,
    must: string,
    otherwise: Otherwise,
  ): Value | Otherwise {
    const leaf = find(path)
    if (leaf === undefined) return otherwise
    const value = typeof leaf.value === 'object' ? undefined : parse(String(leaf.value))
    if (value === undefined) throw wrong(path, must)
    return value
  }
  const within = (value: number, { min = -Infinity, max = Infinity }: Range) =>
    value >= min && value <= max ? value : undefined

  return {
    integer: (path, range, otherwise) =>
      read(
        path,
        text => (/^\s*[+-]?\d+\s*$/.test(text) ? within(Number(text), range) : undefined),
        `must be a whole number${rangeText(range)}`,
        otherwise,
      ),
    number: (path, range, otherwise) =>
      read(
        path,
        text => (/^\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(text) ? within(Number(text), range) : undefined),
        `must be a number${rangeText(range)}`,
        otherwise,
      ),
    boolean: (path, otherwise) =>
      read(path, text => ({ true: true, false: false })[text.trim().toLowerCase()], 'must be true or false', otherwise),
    timeSpan: (path, range, otherwise) => {
      const leaf = find(path)
      if (leaf === undefined) return otherwise
      if (typeof leaf.value !== 'string') throw wrong(path, 'must be a time span "[d.]hh:mm:ss"')
      const ms = within(timeSpanMs(leaf.value, `${path} in ${leaf.source}`), range)
      if (ms === undefined) throw wrong(path, `must be a time span${rangeText(range, ' ms')}`)
      return ms
    },
    oneOf: (path, words, otherwise) =>
      read(
        path,
        text => words.find(word => word.toLowerCase() === text.trim().toLowerCase()),
        `must be one of ${words.join(', ')}`,
        otherwise,
      ),
    text: (path, otherwise) => {
      const leaf = find(path)
      if (leaf === undefined) return otherwise
      if (typeof leaf.value !== 'string') throw wrong(path, 'must be a text')
      return leaf.value
    },
    texts: path => {
      asked.add(`${path}.*`)
      const own = byKey.get(keyOf(segments(path)))
      if (own !== undefined && !Array.isArray(own.value)) throw wrong(path, 'must be a list of texts')
      const items = below(path)
      if (own === undefined && items.length === 0) return undefined
      return items.map(({ value }) => {
        if (typeof value !== 'string') throw wrong(path, 'must be a list of texts')
        return value
      })
    },
    entries: path => {
      asked.add(`${path}.*`)
      const own = byKey.get(keyOf(segments(path)))
      if (own !== undefined && (typeof own.value !== 'object' || Array.isArray(own.value))) {
        throw wrong(path, 'must be an object')
      }
      return below(path)
    },
    has: path => byKey.has(keyOf(segments(path))) || below(path).length > 0,
    wrong,
    unknown: () => unknownNames([...byKey.values()], asked),
  }
}

function rangeText({ min, max }: Range, unit = ''): string {
  if (min === undefined) return max === undefined ? '' : ` of at most ${max}${unit}`
  return max === undefined ? ` of at least ${min}${unit}` : ` from ${min} to ${max}${unit}`
}

function unknownNames(leaves: Leaf[], asked: Set<string>): ReturnType<ConfigReader['unknown']> {
  const known = new Map<string, Set<string>>()
  for (const path of asked) {
    const names = segments(path)
    names.forEach((name, depth) => {
      const parent = keyOf(names.slice(0, depth))
      known.set(parent, (known.get(parent) ?? new Set()).add(name))
    })
  }
  const found = new Map<string, { name: string; source: string; nearest: string | undefined }>()
  for (const { path, source } of leaves) {
    const depth = path.findIndex((name, index) => {
      const siblings = known.get(keyOf(path.slice(0, index)))
      return siblings !== undefined && !siblings.has('*') && !hasName(siblings, name)
    })
    if (depth < 0) continue
    const name = path.slice(0, depth + 1).join('.')
    const last = path[depth] ?? ''
    const near = nearestName(last, known.get(keyOf(path.slice(0, depth))) ?? [])
    const elsewhere = [...asked]
      .map(one => one.replace('.*', ''))
      .find(one => hasName(prefixes(one), `extensions.${last}`))
    const nearest = near === undefined ? elsewhere && `extensions.${last}` : [...path.slice(0, depth), near].join('.')
    found.set(name, { name, source, nearest })
  }
  return [...found.values()]
}

function hasName(names: Iterable<string>, name: string): boolean {
  for (const one of names) if (one.toLowerCase() === name.toLowerCase()) return true
  return false
}

function prefixes(path: string): string[] {
  const names = segments(path)
  return names.map((_, index) => names.slice(0, index + 1).join('.'))
}
