import { functions, same } from './functions.ts'
import { BicepError, type Syntax } from './syntax.ts'
import { Absent, isArray, isObject, Lambda, Module, Reference, Resource, textOf, type Value } from './values.ts'

/** What names mean where an expression stands. */
export interface Names {
  /** @returns undefined when nothing has this name */
  valueOf(name: string): Value | undefined
  /** The text of a file beside the one that names it. */
  load(path: string): string
}

/**
 * The value of a Bicep expression.
 * @throws BicepError naming file and line: unknown names, functions, properties and constructs
 */
export function evaluate(node: Syntax, names: Names): Value {
  const known = expressions[node.kind]
  if (known === undefined)
    throw new BicepError(node, `the reader does not know ${node.kind}: ${node.text.slice(0, 60)}`)
  return known(node, names)
}

const expressions: Readonly<Record<string, (node: Syntax, names: Names) => Value>> = {
  number: node => Number(node.text),
  boolean: node => node.text === 'true',
  null: () => null,
  string: (node, names) => string(node, names),
  identifier: (node, names) => {
    const value = names.valueOf(node.text)
    if (value === undefined) throw new BicepError(node, `nothing is named ${node.text}`)
    return value
  },
  parenthesized_expression: (node, names) => evaluate(only(node), names),
  array: (node, names) => node.parts.map(part => evaluate(part, names)),
  object: (node, names) => object(node, names),
  for_statement: (node, names) => loop(node, names, (body, within) => [evaluate(body, within)]),
  ternary_expression: (node, names) =>
    evaluate(part(node, truth(part(node, 'condition'), names) ? 'consequence' : 'alternative'), names),
  unary_expression: (node, names) => {
    const argument = part(node, 'argument')
    return node.operator === '!' ? !truth(argument, names) : -number(argument, names)
  },
  binary_expression: (node, names) => binary(node, names),
  lambda_expression: (node, names) => {
    const [parameters, body] = node.parts
    if (parameters === undefined || body === undefined) throw new BicepError(node, 'a lambda has parameters and a body')
    const named = parameters.kind === 'identifier' ? [parameters] : parameters.parts
    return new Lambda((...given) =>
      evaluate(
        body,
        withNames(names, Object.fromEntries(named.map(({ text }, index) => [text, given[index] ?? null]))),
      ),
    )
  },
  member_expression: (node, names) => {
    const property = part(node, 'property')
    return member(node, evaluate(part(node, 'object'), names), property.text)
  },
  subscript_expression: (node, names) => subscript(node, names),
  call_expression: (node, names) => call(node, names),
}

/** The values that a loop's body gives, one for each item of what it runs over. */
export function loop<T>(
  node: Syntax,
  names: Names,
  each: (body: Syntax, names: Names, index: number) => readonly T[],
): T[] {
  const body = part(node, 'body')
  const over = node.parts.find(
    found => found !== body && found !== node.fields.initializer && found.kind !== 'for_loop_parameters',
  )
  const values = over === undefined ? undefined : evaluate(over, names)
  if (!isArray(values)) throw new BicepError(node, `a loop needs an array: current value is ${textOf(values ?? null)}`)
  const [item, index] = node.fields.initializer ? [node.fields.initializer] : (node.parts[0]?.parts ?? [])
  return values.flatMap((value, at) => {
    const local = { ...(item && { [item.text]: value }), ...(index && { [index.text]: at }) }
    return each(body, withNames(names, local), at)
  })
}

function withNames(names: Names, local: Readonly<Record<string, Value>>): Names {
  return {
    ...names,
    valueOf: name => (Object.hasOwn(local, name) ? local[name] : names.valueOf(name)),
    load: path => names.load(path),
  }
}

export function truth(node: Syntax, names: Names): boolean {
  const value = evaluate(node, names)
  if (typeof value !== 'boolean')
    throw new BicepError(node, `a condition must be true or false: ${node.text} is ${textOf(value)}`)
  return value
}

/** The name of a property as it is written, with quotes or without. */
export function keyOf(property: Syntax): string {
  const key = property.parts[0]
  if (key === undefined) throw new BicepError(property, `a property without a name: ${property.text}`)
  if (key.kind !== 'string') return key.text
  if (key.parts.some(({ kind }) => kind !== 'string_content'))
    throw new BicepError(key, `a property’s name must be plain: ${key.text}`)
  return key.parts.map(({ text }) => text).join('')
}

function object(node: Syntax, names: Names): Value {
  const made: Record<string, Value> = {}
  for (const property of node.parts) {
    if (property.kind !== 'object_property') throw new BicepError(property, `the reader does not know ${property.kind}`)
    const key = property.parts[0]?.kind === 'string' ? string(property.parts[0], names) : keyOf(property)
    const value = property.parts[1]
    if (value === undefined) throw new BicepError(property, `${key} has no value`)
    if (Object.hasOwn(made, key)) throw new BicepError(property, `${key} is there twice`)
    made[key] = evaluate(value, names)
  }
  return made
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', $: '$', "'": "'", '\\': '\\' }

/** The grammar drops spaces at the ends of a string's pieces: they are taken from the text between them. */
function string(node: Syntax, names: Names): string {
  const quotes = node.text.startsWith("'''") ? 3 : 1
  const from = node.start + (quotes === 3 && node.text[3] === '\n' ? 4 : quotes)
  const until = node.end - quotes
  const pieces: string[] = []
  let at = from
  for (const found of node.parts) {
    pieces.push(node.text.slice(at - node.start, found.start - node.start), piece(found, names))
    at = found.end
  }
  if (quotes === 3) return node.text.slice(from - node.start, until - node.start)
  return [...pieces, node.text.slice(at - node.start, until - node.start)].join('')
}

function piece(found: Syntax, names: Names): string {
  if (found.kind === 'string_content') return found.text
  if (found.kind === 'interpolation') {
    return found.text.slice(0, found.text.indexOf('$')) + textOf(evaluate(only(found), names))
  }
  const escaped = escapes[found.text.slice(1)]
  if (escaped === undefined) throw new BicepError(found, `unknown escape ${found.text}`)
  return escaped
}

function binary(node: Syntax, names: Names): Value {
  const [left, right] = [part(node, 'left'), part(node, 'right')]
  const values = () => [evaluate(left, names), evaluate(right, names)] as const
  switch (node.operator) {
    case '&&':
      return truth(left, names) && truth(right, names)
    case '||':
      return truth(left, names) || truth(right, names)
    case '??':
      return evaluate(left, names) ?? evaluate(right, names)
    case '==':
      return same(...values())
    case '!=':
      return !same(...values())
    case '=~':
      return textOf(evaluate(left, names)).toLowerCase() === textOf(evaluate(right, names)).toLowerCase()
    default:
      return arithmetic(node, [number(left, names), number(right, names)])
  }
}

function arithmetic(node: Syntax, [left, right]: readonly [number, number]): Value {
  const result: Readonly<Record<string, number | boolean>> = {
    ...{ '+': left + right, '-': left - right, '*': left * right, '/': Math.trunc(left / right), '%': left % right },
    ...{ '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right },
  }
  const value = result[node.operator ?? '']
  if (value === undefined) throw new BicepError(node, `the reader does not know the operator ${node.operator}`)
  return value
}

function number(node: Syntax, names: Names): number {
  const value = evaluate(node, names)
  if (typeof value !== 'number') throw new BicepError(node, `a number is needed: ${node.text} is ${textOf(value)}`)
  return value
}

/** What Bicep knows of a resource before it is deployed. */
const ofResource: Readonly<Record<string, (resource: Resource) => Value | undefined>> = {
  id: ({ id }) => id,
  name: ({ name }) => name.split('/').at(-1),
  type: ({ type }) => type,
  apiVersion: ({ apiVersion }) => apiVersion,
}

function member(node: Syntax, value: Value, key: string): Value {
  if (value instanceof Absent)
    throw new BicepError(node, `${value.symbol} is not deployed here, as its condition is false`)
  if (value instanceof Resource) {
    return (
      ofResource[key]?.(value) ??
      (key === 'location' && !value.existing ? value.body.location : undefined) ??
      new Reference(value, [key])
    )
  }
  if (value instanceof Reference) return new Reference(value.of, [...value.path, key])
  const within = value instanceof Module ? { name: value.name, outputs: value.outputs } : value
  const found = isObject(within) && Object.hasOwn(within, key) ? within[key] : undefined
  if (found !== undefined) return found
  if (node.safe) return null
  throw new BicepError(node, `there is no ${key} in ${node.text.slice(0, 60)}`)
}

function subscript(node: Syntax, names: Names): Value {
  const within = evaluate(part(node, 'object'), names)
  const index = evaluate(part(node, 'index'), names)
  if (typeof index === 'string') return member(node, within, index)
  const found = isArray(within) && typeof index === 'number' ? within[index] : undefined
  if (found === undefined) throw new BicepError(node, `there is no item ${textOf(index)} in ${node.text.slice(0, 60)}`)
  return found
}

function call(node: Syntax, names: Names): Value {
  const callee = part(node, 'function')
  const given = part(node, 'arguments').parts.map(argument => evaluate(argument, names))
  if (callee.kind === 'member_expression' && part(callee, 'object').text !== 'az') {
    // resource.listKeys(): Azure answers it, and a policy asks that nobody calls it.
    const of = evaluate(part(callee, 'object'), names)
    if (of instanceof Resource) return new Reference(of, [`${part(callee, 'property').text}()`])
    throw new BicepError(node, `the reader does not know ${node.text.slice(0, 60)}`)
  }
  const name = callee.kind === 'member_expression' ? part(callee, 'property').text : callee.text
  if (name === 'loadTextContent') return names.load(textOf(given[0] ?? null))
  if (name === 'loadJsonContent') return JSON.parse(names.load(textOf(given[0] ?? null))) as Value
  const known = functions[name]
  if (known === undefined) throw new BicepError(node, `the reader does not know the function ${name}`)
  try {
    return known(...given)
  } catch (cause) {
    throw cause instanceof RangeError ? new BicepError(node, `${name}(): ${cause.message}`) : cause
  }
}

function part(node: Syntax, field: string): Syntax {
  const found = node.fields[field]
  if (found === undefined) throw new BicepError(node, `${node.kind} without ${field}: ${node.text.slice(0, 60)}`)
  return found
}

function only(node: Syntax): Syntax {
  const [found] = node.parts
  if (found === undefined || node.parts.length > 1)
    throw new BicepError(node, `one expression is needed: ${node.text.slice(0, 60)}`)
  return found
}
