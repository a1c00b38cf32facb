import { type Endpoint, groups } from '../endpoint.ts'
import type { Example } from '../examples/example.ts'
import { ComponentSchemas } from './component-schemas.ts'
import type { JsonSchema } from './json-schema.ts'
import { type Operation, operationOf } from './operations.ts'
import { type HeaderComponent, headerComponents, responsesOf } from './responses.ts'
import { schemaNames } from './schema-names.ts'
import { securitySchemes } from './security.ts'

export interface OpenApiDocument {
  openapi: string
  info: {
    title: string
    version: string
    summary: string
    description: string
    license: { name: string; identifier: string }
  }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, JsonSchema>
    headers: Record<string, HeaderComponent>
    securitySchemes: typeof securitySchemes
  }
}

const description = `Recommendations for a shop: send what shoppers do, ask for lists.

Names are snake_case. A list ends with \`next_cursor\`, which asks for its next page, or null. Errors are
\`application/problem+json\` with a code: [what each means](docs/errors).`

/** The OpenAPI 3.1 document of the endpoints: what their values say, and nothing besides. */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  { version, examples }: { version: string; examples: Readonly<Record<string, readonly Example[]>> },
): OpenApiDocument {
  const components = new ComponentSchemas(schemaNames)
  for (const { name, input, output } of endpoints) {
    components.name(output, `${pascal(name)}Answer`)
    const body = input.bodyForm ?? input.body
    if (body !== undefined) components.name(body, `${pascal(name)}Body`)
  }
  // All that is answered comes first: what may be sent takes another name where it differs.
  for (const endpoint of endpoints) responsesOf(endpoint, components)
  const paths: OpenApiDocument['paths'] = {}
  for (const endpoint of endpoints) {
    const operation = operationOf(endpoint, { components, examples: examples[endpoint.name] ?? [] })
    const method = endpoint.method.toLowerCase()
    for (const [path, of] of [[endpoint.path, operation] as const, ...olderNames(endpoint, operation)]) {
      paths[templateOf(path)] = { ...paths[templateOf(path)], [method]: of }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      ...{ title: 'Sidecart', version, summary: 'A recommendation engine for shops', description },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document came from' }],
    tags: Object.entries(groups).map(([name, text]) => ({ name, description: text })),
    paths,
    components: { schemas: components.schemas, headers: headerComponents(components), securitySchemes },
  }
}

function olderNames({ aliases = [], name, path }: Endpoint, operation: Operation): [path: string, Operation][] {
  return aliases.map((alias, index) => [
    alias,
    {
      ...operation,
      ...{ operationId: `${name}-alias${index + 1}`, deprecated: true as const },
      description: `An older name of ${templateOf(path)}. ${operation.description}`,
    },
  ])
}

/** The name of an operation, `like-this`, as that of a schema: `LikeThis`. */
const pascal = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A path without the constraints that the host takes: `/rules/{id:regex(…)}` is `/rules/{id}`. */
const templateOf = (path: string): string => path.replace(/\{(\w+)[^}]*\}/g, '{$1}')
