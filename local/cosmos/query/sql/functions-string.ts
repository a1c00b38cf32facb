import { isObject, type Json, type Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'

const one = (apply: (text: string) => Value): BuiltIn => ({
  least: 1,
  most: 1,
  call: text => (typeof text === 'string' ? apply(text) : undefined),
})

/** A test of one string by another, with an optional third argument that ignores case. */
const test = (holds: (text: string, part: string) => boolean): BuiltIn => ({
  least: 2,
  most: 3,
  call: (text, part, ignoreCase) => {
    if (typeof text !== 'string' || typeof part !== 'string') return undefined
    return ignoreCase === true ? holds(text.toLowerCase(), part.toLowerCase()) : holds(text, part)
  },
})

/** Takes white space, or the characters of the second argument, off the ends of a text. */
const trimmed = ({ start, end }: { start: boolean; end: boolean }): BuiltIn => ({
  least: 1,
  most: 2,
  call: (text, characters) => {
    if (typeof text !== 'string' || (characters !== undefined && typeof characters !== 'string')) return undefined
    const goes = (character: string): boolean =>
      characters === undefined ? /\s/.test(character) : characters.includes(character)
    let [from, to] = [0, text.length]
    while (start && from < to && goes(text.charAt(from))) from += 1
    while (end && to > from && goes(text.charAt(to - 1))) to -= 1
    return text.slice(from, to)
  },
})

const cut = (apply: (text: string, length: number) => string): BuiltIn => ({
  least: 2,
  most: 2,
  call: (text, length) =>
    typeof text === 'string' && typeof length === 'number' ? apply(text, Math.max(0, length)) : undefined,
})

function parsed(text: string, fits: (value: unknown) => boolean): Value {
  try {
    const value: Json = JSON.parse(text)
    return fits(value) ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function substring(text: Value, start: Value, length: Value): Value {
  if (typeof text !== 'string' || typeof start !== 'number' || typeof length !== 'number') return undefined
  const from = Math.max(0, start)
  return text.slice(from, from + Math.max(0, length))
}

function concatenate(...texts: Value[]): Value {
  return texts.every(text => typeof text === 'string') ? texts.join('') : undefined
}

function regexMatch(text: Value, pattern: Value, modifiers: Value): Value {
  if (typeof text !== 'string' || typeof pattern !== 'string') return undefined
  const given = modifiers ?? ''
  if (typeof given !== 'string' || /[^imsx]/.test(given)) return undefined
  // x lets white space stand between the parts of a pattern.
  const source = given.includes('x') ? pattern.replace(/(\\.)|\s+/gs, '$1') : pattern
  const flags = [...new Set(given.replaceAll('x', ''))].join('')
  try {
    return new RegExp(source, flags).test(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** Whether any or all of the given texts are in the first one. */
const containsEach = (every: boolean, fold: (text: string) => string): BuiltIn => ({
  least: 2,
  most: 64,
  call: (text, ...parts) => {
    if (typeof text !== 'string' || !parts.every(part => typeof part === 'string')) return undefined
    const has = (part: Value): boolean => typeof part === 'string' && fold(text).includes(fold(part))
    return every ? parts.every(has) : parts.some(has)
  },
})

const asIs = (text: string): string => text
const folded = (text: string): string => text.toLowerCase()

function join(array: Value, by: Value): Value {
  if (!Array.isArray(array) || typeof by !== 'string') return undefined
  return array.every(element => typeof element === 'string') ? array.join(by) : undefined
}

function toText(value: Value): Value {
  if (value === undefined || typeof value === 'string') return value
  return JSON.stringify(value)
}

export const STRING_FUNCTIONS: Record<string, BuiltIn> = {
  CONCAT: { least: 2, most: 200, call: concatenate },
  CONTAINS: test((text, part) => text.includes(part)),
  CONTAINS_ALL_CI: containsEach(true, folded),
  CONTAINS_ALL_CS: containsEach(true, asIs),
  CONTAINS_ANY_CI: containsEach(false, folded),
  CONTAINS_ANY_CS: containsEach(false, asIs),
  ENDSWITH: test((text, part) => text.endsWith(part)),
  INDEX_OF: {
    least: 2,
    most: 3,
    call: (text, part, from) =>
      typeof text === 'string' && typeof part === 'string'
        ? text.indexOf(part, typeof from === 'number' ? from : 0)
        : undefined,
  },
  LASTINDEXOF: {
    least: 2,
    most: 2,
    call: (text, part) => (typeof text === 'string' && typeof part === 'string' ? text.lastIndexOf(part) : undefined),
  },
  LEFT: cut((text, length) => text.slice(0, length)),
  LENGTH: one(text => text.length),
  LOWER: one(text => text.toLowerCase()),
  LTRIM: trimmed({ start: true, end: false }),
  REGEXMATCH: { least: 2, most: 3, call: regexMatch },
  REPLACE: {
    least: 3,
    most: 3,
    call: (text, part, by) =>
      typeof text === 'string' && typeof part === 'string' && typeof by === 'string' && part !== ''
        ? text.replaceAll(part, () => by)
        : undefined,
  },
  REPLICATE: {
    least: 2,
    most: 2,
    call: (text, times) =>
      typeof text === 'string' && typeof times === 'number' && times >= 0 && text.length * times <= 10000
        ? text.repeat(times)
        : undefined,
  },
  REVERSE: one(text => [...text].reverse().join('')),
  RIGHT: cut((text, length) => (length === 0 ? '' : text.slice(-length))),
  RTRIM: trimmed({ start: false, end: true }),
  STARTSWITH: test((text, part) => text.startsWith(part)),
  STRINGEQUALS: test((text, part) => text === part),
  STRINGJOIN: { least: 2, most: 2, call: join },
  STRINGTOARRAY: one(text => parsed(text, Array.isArray)),
  STRINGTOBOOLEAN: one(text => parsed(text.trim(), value => typeof value === 'boolean')),
  STRINGTONULL: one(text => parsed(text.trim(), value => value === null)),
  STRINGTOOBJECT: one(text => parsed(text, isObject)),
  STRINGTONUMBER: one(text => parsed(text.trim(), value => typeof value === 'number')),
  STRINGSPLIT: {
    least: 2,
    most: 2,
    call: (text, by) => (typeof text === 'string' && typeof by === 'string' ? text.split(by) : undefined),
  },
  SUBSTRING: { least: 3, most: 3, call: substring },
  TOSTRING: { least: 1, most: 1, call: toText },
  TRIM: trimmed({ start: true, end: true }),
  UPPER: one(text => text.toUpperCase()),
}
