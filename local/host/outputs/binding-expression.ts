import { randomUUID } from 'node:crypto'
import { dotNetDate } from './dot-net-date.ts'

/** Literals, and in braces names to look up: "in/{user.id}/{rand-guid}.json". */
export type BindingExpression = (string | { path: string[] } | { builtIn: BuiltIn; format: string | undefined })[]
type BuiltIn = 'rand-guid' | 'datetime'

/** What names in expressions stand for; names are looked up without regard to case. */
export type BindingData = Record<string, unknown>

/** What is made at the moment an expression is resolved. */
export interface Moment {
  functionName: string
  now(): Date
}

const token = /(\{\{|\}\})|\{([^{}]*)\}|([^{}]+)|([{}])/g

/**
 * Reads a text with binding expressions.
 * Source: Azure/azure-webjobs-sdk, BindingTemplateParser.cs and BindingTemplateToken.cs
 * @throws Error naming the field and the text when its braces are unbalanced or a name in them is none
 */
export function parseExpression(text: string, what: string): BindingExpression {
  const fail = (why: string) => new Error(`${what} ${why}: current value is "${text}"`)
  return Array.from(text.matchAll(token), ([, escaped, name, literal, unbalanced]) => {
    if (escaped !== undefined) return escaped.slice(0, 1)
    if (literal !== undefined) return literal
    if (unbalanced !== undefined) throw fail(`has an unbalanced "${unbalanced}"`)
    if (name === undefined || name === '') throw fail('has an expression without a name')
    const [, builtIn, format] = /^(rand-guid|datetime)(?::(.*))?$/i.exec(name) ?? []
    if (builtIn !== undefined) return { builtIn: builtIn.toLowerCase() as BuiltIn, format }
    if (name.includes(':')) throw fail(`may have a format only behind {DateTime} and {rand-guid}, not in {${name}}`)
    const path = name.split('.')
    if (
      !path.every((part, index) =>
        (index === 0 ? /^[\p{L}_][\p{L}\p{N}_]*$/u : /^[\p{L}_][\p{L}\p{N}_-]*$/u).test(part),
      )
    ) {
      throw fail(`has an expression with an invalid name {${name}}`)
    }
    return { path }
  })
}

/**
 * The text an expression stands for now.
 * @throws Error when a name has no value, or none that can be written as text
 */
export function resolveExpression(expression: BindingExpression, data: () => BindingData, moment: Moment): string {
  return expression
    .map(part => {
      if (typeof part === 'string') return part
      if ('path' in part) return textOf(lookUp(part.path, data(), moment), part.path)
      return part.builtIn === 'rand-guid' ? guid(part.format) : dotNetDate(moment.now(), part.format)
    })
    .join('')
}

function lookUp(path: string[], data: BindingData, { functionName, now }: Moment): unknown {
  const sys = { methodname: functionName, utcnow: dotNetDate(now(), undefined), randguid: guid(undefined) }
  return path.reduce<unknown>((value, name, index) => {
    const found = property(value, name)
    if (found !== undefined) return found
    if (index === 0 && name.toLowerCase() === 'sys') return sys
    throw new Error(
      index === 0
        ? `No value for named parameter '${name}'.`
        : `Error while accessing '${name}': property doesn't exist.`,
    )
  }, data)
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const key = Object.keys(value).find(one => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : Reflect.get(value, key)
}

function textOf(value: unknown, path: string[]): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new Error(`{${path.join('.')}} must be a text or a number: current value is ${JSON.stringify(value)}`)
}

function guid(format: string | undefined): string {
  const id = randomUUID()
  switch ((format ?? 'D').toUpperCase()) {
    case 'D':
    case '':
      return id
    case 'N':
      return id.replaceAll('-', '')
    case 'B':
      return `{${id}}`
    case 'P':
      return `(${id})`
    default:
      throw new Error(`Format of {rand-guid} must be D, N, B or P: current value is "${format}"`)
  }
}
