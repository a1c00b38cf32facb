import { type FieldError, pathText } from './errors.ts'

/** More than any body needs, and far less than what makes code that goes into it run out of stack. */
export const depthMax = 32
/** Names by which an object could be made another than it is, once it is copied into one. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

interface Found {
  /** From the inside out. */
  path: PropertyKey[]
  value: unknown
  reason: string
}

/**
 * The first part of a JSON value that cannot be kept as it was sent: a name that is reserved, text with half a character
 * in it, which no store gives back as it was, or what lies too deep.
 */
export function unsoundPart(value: unknown): FieldError | undefined {
  const found = firstFound(value, 0)
  if (!found) return undefined
  const field = found.path.length === 0 ? '(body)' : pathText(found.path.reverse())
  return { code: 'invalid', field, value: found.value, reason: found.reason }
}

function firstFound(value: unknown, depth: number): Found | undefined {
  if (typeof value === 'string' && !value.isWellFormed()) return broken(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= depthMax) return { path: [], value: null, reason: `must be at most ${depthMax} levels deep` }
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      const found = firstFound(each, depth + 1)
      if (found) return within(found, index)
    }
    return undefined
  }
  for (const [name, each] of Object.entries(value)) {
    if (reserved.has(name)) return { path: [name], value: null, reason: 'is a name that is not allowed' }
    const found = name.isWellFormed() ? firstFound(each, depth + 1) : broken(name)
    if (found) return within(found, name.toWellFormed())
  }
  return undefined
}

function within(found: Found, key: PropertyKey): Found {
  found.path.push(key)
  return found
}

const broken = (text: string): Found => ({
  ...{ path: [], value: text.toWellFormed().slice(0, 200) },
  reason: 'must be whole characters: half of a pair stands alone',
})

/** A value as it can be kept: whole characters, and an ellipsis for what lies too deep. Names that are refused are kept. */
export function soundCopy(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= depthMax) return '…'
  if (Array.isArray(value)) return value.map(each => soundCopy(each, depth + 1))
  // Defines each name as its own, whatever it is called: `__proto__` makes no prototype here.
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toWellFormed(), soundCopy(each, depth + 1)]),
  )
}
