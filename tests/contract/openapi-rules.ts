import { isDeepStrictEqual } from 'node:util'
import type { OpenApiDocument } from '../../shared/api/openapi/document.ts'

/** What breaks a rule of OpenAPI 3.1 or of good sense in a document, in sentences. Source: OpenAPI Specification 3.1.1. */
export function brokenRules(document: OpenApiDocument): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, at: `${method} ${path}` })),
  )
  const ids = operations.map(({ operation }) => operation.operationId)
  const broken = [
    ...[...refsOf(document)].filter(ref => !resolves(ref, document)).map(ref => `${ref} leads nowhere`),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map(id => `operationId ${id} is not unique`),
    ...unusedSchemas(document).map(name => `the schema ${name} is used nowhere`),
    ...nameless(Object.keys(document.components.schemas)).map(name => `${name} cannot name a component`),
  ]
  for (const { path, at, operation } of operations) broken.push(...brokenOperation({ path, at, operation, document }))
  const shapes = Map.groupBy(Object.keys(document.paths), path => path.replaceAll(/\{[^}]+\}/g, '{}'))
  for (const [, paths] of shapes) if (paths.length > 1) broken.push(`${paths.join(' and ')} are the same path`)
  return broken
}

type Operation = OpenApiDocument['paths'][string][string]

function brokenOperation(of: { path: string; at: string; operation: Operation; document: OpenApiDocument }): string[] {
  const { path, at, operation, document } = of
  const broken: string[] = []
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
  const declared = operation.parameters.filter(each => each.in === 'path').map(({ name }) => name)
  if (!isDeepStrictEqual([...inPath].sort(), [...declared].sort())) {
    broken.push(`${at} has ${inPath} in its path, but declares ${declared}`)
  }
  const names = operation.parameters.map(each => `${each.in} ${each.name}`)
  if (new Set(names).size < names.length) broken.push(`${at} declares a parameter twice`)
  for (const { in: place, name, required } of operation.parameters) {
    if (place === 'path' && !required) broken.push(`${at}: ${name} in the path must be required`)
  }
  if (operation.summary === '') broken.push(`${at} has no summary`)
  for (const tag of operation.tags)
    if (!document.tags.some(({ name }) => name === tag)) broken.push(`${at}: tag ${tag}`)
  for (const scheme of operation.security.flatMap(Object.keys)) {
    if (!Object.hasOwn(document.components.securitySchemes, scheme)) broken.push(`${at}: scheme ${scheme}`)
  }
  const statuses = Object.keys(operation.responses)
  if (!statuses.some(status => status.startsWith('2'))) broken.push(`${at} tells of no success`)
  for (const status of statuses) {
    if (!/^[1-5]\d\d$/.test(status)) broken.push(`${at}: ${status} is no status`)
    if (operation.responses[status]?.description === '') broken.push(`${at}: ${status} has no description`)
  }
  if (operation.requestBody && /^(get|delete|head)$/.test(at.split(' ')[0] ?? '')) broken.push(`${at} has a body`)
  return broken
}

const folder = '#/components/schemas/'

function* refsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    if (key === '$ref' && typeof each === 'string') yield each
    else yield* refsOf(each)
  }
}

function resolves(ref: string, { components }: OpenApiDocument): boolean {
  const [, part, name = ''] = /^#\/components\/(schemas|headers)\/(.+)$/.exec(ref) ?? []
  return (part === 'schemas' || part === 'headers') && Object.hasOwn(components[part], name)
}

function unusedSchemas({ paths, components }: OpenApiDocument): string[] {
  const used = new Set<string>()
  const visit = (value: unknown): void => {
    for (const ref of refsOf(value)) {
      const name = ref.slice(folder.length)
      if (used.has(name)) continue
      used.add(name)
      visit(components.schemas[name])
    }
  }
  visit(paths)
  return Object.keys(components.schemas).filter(name => !used.has(name))
}

const nameless = (names: readonly string[]): string[] => names.filter(name => !/^[A-Za-z0-9._-]+$/.test(name))
