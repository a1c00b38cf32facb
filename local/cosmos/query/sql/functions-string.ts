import { badRequest } from '../../errors.ts'
import type { Json, Value } from '../../json.ts'
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
  const flags = typeof modifiers === 'string' ? modifiers.replace(/[^ims]/g, '') : ''
  try {
    return new RegExp(pattern, flags).test(text)
  } catch (cause) {
    throw badRequest(`The REGEXMATCH pattern '${pattern}' is invalid: ${String(cause)}.`)
  }
}

function toText(value: Value): Value {
  if (value === undefined || typeof value === 'string') return value
  return JSON.stringify(value)
}

export const STRING_FUNCTIONS: Record<string, BuiltIn> = {
  CONCAT: { least: 2, most: 200, call: concatenate },
  CONTAINS: test((text, part) => text.includes(part)),
  ENDSWITH: test((text, part) => text.endsWith(part)),
  INDEX_OF: {
    least: 2,
    most: 3,
    call: (text, part, from) =>
      typeof text === 'string' && typeof part === 'string'
        ? text.indexOf(part, typeof from === 'number' ? from : 0)
        : undefined,
  },
  LEFT: cut((text, length) => text.slice(0, length)),
  LENGTH: one(text => text.length),
  LOWER: one(text => text.toLowerCase()),
  LTRIM: one(text => text.trimStart()),
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
  RTRIM: one(text => text.trimEnd()),
  STARTSWITH: test((text, part) => text.startsWith(part)),
  STRINGEQUALS: test((text, part) => text === part),
  STRINGTOARRAY: one(text => parsed(text, Array.isArray)),
  STRINGTOBOOLEAN: one(text => parsed(text.trim(), value => typeof value === 'boolean')),
  STRINGTONUMBER: one(text => parsed(text.trim(), value => typeof value === 'number')),
  STRINGSPLIT: {
    least: 2,
    most: 2,
    call: (text, by) => (typeof text === 'string' && typeof by === 'string' ? text.split(by) : undefined),
  },
  SUBSTRING: { least: 3, most: 3, call: substring },
  TOSTRING: { least: 1, most: 1, call: toText },
  TRIM: one(text => text.trim()),
  UPPER: one(text => text.toUpperCase()),
}
