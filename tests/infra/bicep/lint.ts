import { keyOf } from './evaluate.ts'
import type { Syntax } from './syntax.ts'
import { decorated, type Template } from './template.ts'

/** What the compiler or its linter would say of a file, as `file:line: what`. */
export function lint(template: Template): string[] {
  return [unused, undescribed, knownTooLate, dependsTwice, loopsElsewhere].flatMap(check => check(template))
}

/** no-unused-params, no-unused-vars, and existing resources nobody refers to. */
function unused({ declarations }: Template): string[] {
  const uses = new Map(declarations.map(declaration => [declaration, namesIn(declaration.node)]))
  return declarations
    .filter(({ kind, node }) => kind === 'param' || kind === 'var' || node.existing)
    .filter(declaration => !declarations.some(other => other !== declaration && uses.get(other)?.has(declaration.name)))
    .map(({ name, kind, node }) => told(node, `${kind} ${name} is not used`))
}

/** Of files that people give parameters to; a module’s are named as what they are of. */
function undescribed({ scope, declarations }: Template): string[] {
  if (scope !== 'subscription') return []
  return declarations
    .filter(declaration => declaration.kind === 'param' && decorated(declaration, 'description') === undefined)
    .map(({ name, node }) => told(node, `param ${name} has no description`))
}

/** BCP138: a loop is the value of a declaration or of a property. */
function loopsElsewhere({ declarations }: Template): string[] {
  const misplaced = (node: Syntax, parent: Syntax): Syntax[] => [
    ...(node.kind === 'for_statement' && !/_declaration$|^object_property$|^for_statement$/.test(parent.kind)
      ? [node]
      : []),
    ...node.parts.flatMap(part => misplaced(part, node)),
  ]
  return declarations.flatMap(({ node }) => misplaced(node, node).map(found => told(found, 'a loop cannot stand here')))
}

/** Azure needs these before anything is deployed (BCP120). */
const neededAtStart = ['name', 'scope', 'parent']
/** What is known of a resource then. */
const knownAtStart = ['id', 'name', 'type', 'apiVersion']

function knownTooLate({ declarations }: Template): string[] {
  const late = (node: Syntax, seen: ReadonlySet<string> = new Set()): string | undefined => {
    if (node.kind === 'member_expression') {
      const { symbol: name, property } = rootOf(node)
      const symbol = declarations.find(found => found.name === name)
      if (symbol?.kind === 'module' && property === 'outputs') return node.text
      if (symbol?.kind === 'resource') return knownAtStart.includes(property) ? undefined : node.text
    }
    if (node.kind === 'identifier' && !seen.has(node.text)) {
      const variable = declarations.find(({ name, kind }) => kind === 'var' && name === node.text)
      const value = variable?.node.parts.at(-1)
      if (value) return late(value, new Set([...seen, node.text]))
    }
    return expressionsOf(node)
      .map(part => late(part, seen))
      .find(found => found !== undefined)
  }
  return declarations
    .filter(({ kind }) => kind === 'resource' || kind === 'module')
    .flatMap(({ node }) => startExpressions(node))
    .flatMap(expression => {
      const found = late(expression)
      return found === undefined ? [] : [told(expression, `${found} is not known when the deployment starts`)]
    })
}

/** Of `identity.properties.principalId`: identity, properties. */
function rootOf(node: Syntax): { symbol: string; property: string } {
  const of = node.fields.object
  if (of?.kind === 'member_expression') return rootOf(of)
  const symbol = of?.kind === 'subscript_expression' ? of.fields.object?.text : of?.text
  return { symbol: symbol ?? '', property: node.fields.property?.text ?? '' }
}

/** Of a resource or a module: its condition, what it loops over, and its name and place. */
function startExpressions(node: Syntax): Syntax[] {
  const body = node.parts.at(-1)
  if (body === undefined) return []
  const outside = body.kind === 'for_statement' ? body.parts.slice(0, -1) : []
  const inner = body.kind === 'for_statement' ? body.parts.at(-1) : body
  const condition = inner?.kind === 'if_statement' ? inner.parts.slice(0, 1) : []
  const object = inner?.kind === 'if_statement' ? inner.parts.at(-1) : inner
  const named = (object?.parts ?? []).filter(property => neededAtStart.includes(keyOf(property)))
  return [...outside, ...condition, ...named.flatMap(({ parts }) => parts.slice(1))].filter(
    ({ kind }) => kind !== 'identifier',
  )
}

/** no-unnecessary-dependson: what is referred to is waited for. */
function dependsTwice({ declarations }: Template): string[] {
  return declarations.flatMap(({ node }) => {
    const written = properties(node).find(property => keyOf(property) === 'dependsOn')
    if (written === undefined) return []
    const elsewhere = new Set(
      properties(node).flatMap(property => (property === written ? [] : [...namesIn(property)])),
    )
    return [...namesIn(written)]
      .filter(name => elsewhere.has(name))
      .map(name => told(written, `dependsOn ${name} is not needed: it is referred to`))
  })
}

/** Of the object of a resource or module, loops and conditions left out. */
export function properties(node: Syntax): readonly Syntax[] {
  const body = node.parts.at(-1)
  if (body?.kind === 'object') return body.parts
  return body === undefined || body.parts.length === 0 ? [] : properties(body)
}

/** Names that an expression refers to. */
function namesIn(node: Syntax): Set<string> {
  if (node.kind === 'identifier') return new Set([node.text])
  return new Set(expressionsOf(node).flatMap(part => [...namesIn(part)]))
}

/** The parts that are expressions: not the names of declarations, properties and functions. */
function expressionsOf(node: Syntax): readonly Syntax[] {
  if (node.kind.endsWith('_declaration')) return node.parts.slice(1)
  if (node.kind === 'object_property') return node.parts[0]?.kind === 'string' ? node.parts : node.parts.slice(1)
  if (node.kind === 'call_expression')
    return node.parts.filter(part => part !== node.fields.function || part.kind !== 'identifier')
  return node.parts
}

function told({ file, line }: Syntax, what: string): string {
  return `${file}:${line}: ${what}`
}
