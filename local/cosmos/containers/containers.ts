import { badRequest, CosmosError } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { isObject } from '../json.ts'
import { containerResource, databaseResource, resourceFeed } from '../resources.ts'
import { databaseRid } from '../rid.ts'
import type { Store } from '../store.ts'
import type { Container } from './container.ts'
import { containerDefinition, resourceName } from './container-definition.ts'
import { throughputHeader } from './requested-throughput.ts'

const REPLACEABLE = ['GET', 'PUT', 'DELETE']

export async function databases(call: Call, store: Store): Promise<Reply> {
  const [, id] = call.segments
  if (id === undefined) {
    if (call.method === 'GET' || isQuery(call)) {
      return resourceFeed(call, { name: 'Databases', rid: '', resources: store.databases().map(databaseResource) })
    }
    if (call.method !== 'POST') throw notAllowed(call)
    const body = jsonBody(call)
    const name = resourceName(isObject(body) ? body.id : undefined)
    const database = await store.createDatabase(name, throughputHeader(call))
    return { status: 201, charge: 1, body: JSON.stringify(databaseResource(database)) }
  }
  if (call.method === 'GET') {
    return { status: 200, charge: 1, body: JSON.stringify(databaseResource(store.database(id))) }
  }
  if (call.method !== 'DELETE') throw notAllowed(call)
  await store.deleteDatabase(id)
  return { status: 204, charge: 1 }
}

export async function containers(call: Call, store: Store): Promise<Reply> {
  const [, databaseId = '', , id] = call.segments
  if (id === undefined) {
    if (call.method === 'GET' || isQuery(call)) {
      const resources = store.containers(databaseId).map(containerResource)
      const rid = databaseRid(store.database(databaseId).number)
      return resourceFeed(call, { name: 'DocumentCollections', rid, resources })
    }
    if (call.method !== 'POST') throw notAllowed(call)
    const definition = containerDefinition(jsonBody(call))
    return containerReply(201, await store.createContainer(databaseId, definition, throughputHeader(call)))
  }
  if (!REPLACEABLE.includes(call.method)) throw notAllowed(call)
  const container = store.container(databaseId, id)
  if (call.method === 'GET') return containerReply(200, container)
  if (call.method === 'PUT') return replaceContainer(call, store, container)
  await store.deleteContainer(container)
  return { status: 204, charge: 1 }
}

async function replaceContainer(call: Call, store: Store, container: Container): Promise<Reply> {
  const definition = containerDefinition(jsonBody(call))
  if (definition.id !== container.id) {
    throw badRequest(`The container id '${definition.id}' of the body is not that of the request, '${container.id}'.`)
  }
  const before = container.definition.partitionKey
  if (JSON.stringify(definition.partitionKey.paths) !== JSON.stringify(before.paths)) {
    throw badRequest('Document collection partition key cannot be changed.')
  }
  const unique = container.definition.uniqueKeyPolicy ?? { uniqueKeys: [] }
  if (JSON.stringify(definition.uniqueKeyPolicy) !== JSON.stringify(unique)) {
    throw badRequest('The unique key policy of a container cannot be changed: it is set when the container is created.')
  }
  return containerReply(200, await store.replaceContainer(container, { ...definition, partitionKey: before }))
}

function containerReply(status: number, container: Container): Reply {
  return { status, charge: 1, body: JSON.stringify(containerResource(container)), container }
}

function isQuery(call: Call): boolean {
  return call.header('x-ms-documentdb-isquery')?.toLowerCase() === 'true'
}

function notAllowed(call: Call): CosmosError {
  return new CosmosError(405, `The method ${call.method} is not allowed on /${call.segments.join('/')}.`)
}
