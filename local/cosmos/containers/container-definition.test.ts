import { expect, test } from 'vitest'
import { containerDefinition, resourceId } from './container-definition.ts'

// Azure's pages do not agree on these: the service takes them by one, clients are told by others that they are reserved.
test.each(['a?b', 'a#b', 'ends with a space '])('the id %j is refused, stricter than the service may be', id => {
  expect(() => resourceId(id)).toThrow(`The id '${id}' is invalid`)
})

test.each([
  ['computedProperties', [{ name: 'lower', query: 'SELECT VALUE LOWER(c.name) FROM c' }]],
  ['vectorEmbeddingPolicy', { vectorEmbeddings: [] }],
  ['fullTextPolicy', { defaultLanguage: 'en-US' }],
])('a container with a %s is refused, as the server could not keep to it', (name, policy) => {
  const definition = { id: 'items', partitionKey: { paths: ['/shop'] } }
  expect(() => containerDefinition({ ...definition, [name]: policy })).toThrow(`${name} is not supported`)
  expect(containerDefinition(definition)).toMatchObject({ id: 'items', uniqueKeyPolicy: { uniqueKeys: [] } })
})
