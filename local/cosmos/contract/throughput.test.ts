import { type Container, type Database, ErrorResponse, type OfferDefinition, type OfferResponse } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, named, openAccount, refusal } from './account-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rest = 'https://learn.microsoft.com/rest/api/cosmos-db'
const rule = contract({
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
  throttling: 'https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-request-rate-too-large',
  set: 'https://learn.microsoft.com/azure/cosmos-db/set-throughput',
  autoscale: 'https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale',
  query: `${rest}/querying-offers`,
  read: `${rest}/get-an-offer`,
  replace: `${rest}/replace-an-offer`,
})

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

/** The container as a client sees it that does not wait and try again. */
function impatient(container: Container): Container {
  const connectionPolicy = { retryOptions: { maxRetryAttemptCount: 0 } as never }
  return account.another({ connectionPolicy }).database(container.database.id).container(container.id)
}

/** Writes until the service refuses, at most 2,000 items. */
async function untilThrottled(container: Container): Promise<ErrorResponse> {
  for (let n = 0; n < 2000; n += 100) {
    const writes = Array.from({ length: 100 }, (_, at) => container.items.upsert({ id: `${n + at}`, shop: 'x' }))
    for (const outcome of await Promise.allSettled(writes)) {
      if (outcome.status === 'rejected') {
        if (outcome.reason instanceof ErrorResponse) return outcome.reason
        throw outcome.reason
      }
    }
  }
  throw new Error('Nothing was refused')
}

/** The ids of a batch that was refused with 429, among writes that use up the second. */
async function refusedBatch(container: Container): Promise<string[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const ids = [`batch ${attempt} a`, `batch ${attempt} b`]
    const operations = ids.map(id => ({ operationType: 'Create' as const, resourceBody: { id, shop: 'x' } }))
    const writes = Array.from({ length: 100 }, (_, n) => container.items.upsert({ id: `${n}`, shop: 'x' }))
    // An accepted batch has no refusal, which is tried again.
    const batch = refusal(container.items.batch(operations, 'x')).catch(() => undefined)
    await Promise.allSettled(writes)
    if ((await batch)?.code === 429) return ids
  }
  throw new Error('No batch was refused')
}

async function offerOf(owner: Container | Database): Promise<{ offer: OfferResponse; resource: OfferDefinition }> {
  const offer = await owner.readOffer()
  if (!offer.resource) throw new Error(`'${owner.id}' has no offer`)
  return { offer, resource: offer.resource }
}

async function replaced(owner: Container | Database, content: object): Promise<OfferDefinition | undefined> {
  const { resource } = await offerOf(owner)
  const body = { ...resource, content: content as never }
  return (await account.client.offer(resource.id ?? '').replace(body)).resource
}

rule(
  'throttling',
  'beyond its request units a container answers 429 of substatus 3200 and says how long to wait',
  async () => {
    const container = await account.container({ throughput: 400 })
    const refused = await untilThrottled(impatient(container))
    expect(refused).toMatchObject({ code: 429, substatus: 3200 })
    expect(refused.retryAfterInMs).toBeGreaterThan(0)
    expect(refused.retryAfterInMs).toBeLessThanOrEqual(60_000)
  },
)

rule('throttling', 'a client that waits as it is told and tries again succeeds in the end', async () => {
  const container = await account.container({ throughput: 400 })
  const writes = Array.from({ length: 120 }, (_, n) => container.items.create({ id: `${n}`, shop: 'x' }))
  const answers = await Promise.all(writes)
  expect(answers.every(({ statusCode }) => statusCode === 201)).toBe(true)
  expect(answers.some(({ headers }) => Number(headers['x-ms-throttle-retry-count']) > 0)).toBe(true)
})

rule('throttling', 'a batch that is throttled is not done at all', async () => {
  const container = impatient(await account.container({ throughput: 400 }))
  const ids = await refusedBatch(container)
  const patient = account.database.container(container.id)
  for (const id of ids) expect((await patient.item(id, 'x').read()).statusCode).toBe(404)
})

rule('set', 'containers of a database with throughput share it and have no offer of their own', async () => {
  const database = await account.freshDatabase({ id: named('sidecart-shared'), throughput: 400 })
  const { container: one } = await database.containers.create({ id: 'one', partitionKey: { paths: ['/shop'] } })
  const { container: two } = await database.containers.create({ id: 'two', partitionKey: { paths: ['/shop'] } })
  expect((await one.readOffer()).resource).toBeUndefined()
  expect((await offerOf(database)).resource.content?.offerThroughput).toBe(400)
  await untilThrottled(impatient(one))
  expect(await untilThrottled(impatient(two))).toMatchObject({ code: 429 })
})

rule('set', 'a container with throughput of its own is not held to what its database shares', async () => {
  const database = await account.freshDatabase({ id: named('sidecart-shared'), throughput: 400 })
  const shared = await database.containers.create({ id: 'shared', partitionKey: { paths: ['/shop'] } })
  const own = await database.containers.create({ id: 'own', partitionKey: { paths: ['/shop'] }, throughput: 400 })
  await untilThrottled(impatient(shared.container))
  expect((await impatient(own.container).items.create({ id: 'a', shop: 'x' })).statusCode).toBe(201)
  expect((await offerOf(own.container)).resource.content?.offerThroughput).toBe(400)
})

rule('query', 'the offer of a container is found by its resource', async () => {
  const container = await account.container({ throughput: 500 })
  const { resource } = await container.read()
  const query = {
    query: 'SELECT * FROM root o WHERE o.offerResourceId = @rid',
    parameters: [{ name: '@rid', value: resource?._rid ?? '' }],
  }
  const { resources } = await account.client.offers.query<OfferDefinition>(query).fetchAll()
  expect(resources).toHaveLength(1)
  expect(resources[0]).toMatchObject({
    offerVersion: 'V2',
    resource: resource?._self,
    content: { offerThroughput: 500 },
  })
})

rule('read', 'an offer is read by its id; an unknown one is 404', async () => {
  const { resource } = await offerOf(await account.container({ throughput: 500 }))
  expect((await account.client.offer(resource.id ?? '').read()).resource).toMatchObject({ id: resource.id })
  expect(await refusal(account.client.offer('zzzz').read())).toMatchObject({ code: 404 })
})

rule('replace', 'a replaced offer is kept', async () => {
  const container = await account.container({ throughput: 500 })
  expect((await replaced(container, { offerThroughput: 600 }))?.content?.offerThroughput).toBe(600)
  expect((await offerOf(container)).resource.content?.offerThroughput).toBe(600)
})

rule('autoscale', 'an autoscale container keeps its maximum and shows a tenth of it at rest', async () => {
  const container = await account.container({ maxThroughput: 4000 })
  const { content } = (await offerOf(container)).resource
  expect(content?.offerAutopilotSettings?.maxThroughput).toBe(4000)
  expect(content?.offerThroughput).toBe(400)
  await replaced(container, { offerAutopilotSettings: { maxThroughput: 5000 } })
  expect((await offerOf(container)).resource.content?.offerAutopilotSettings?.maxThroughput).toBe(5000)
})

for (const throughput of [300, 450, 1_000_100]) {
  rule('limits', `a manual throughput of ${throughput} RU/s is refused`, async () => {
    expect(await refusal(account.container({ throughput }))).toMatchObject({ code: 400 })
  })
}

for (const maxThroughput of [900, 1500]) {
  rule('limits', `an autoscale maximum of ${maxThroughput} RU/s is refused`, async () => {
    expect(await refusal(account.container({ maxThroughput }))).toMatchObject({ code: 400 })
  })
}

rule('replace', 'an offer is not replaced by a throughput below 400 RU/s or out of step', async () => {
  const container = await account.container({ throughput: 500 })
  expect(await refusal(replaced(container, { offerThroughput: 300 }))).toMatchObject({ code: 400 })
  expect(await refusal(replaced(container, { offerThroughput: 555 }))).toMatchObject({ code: 400 })
  expect((await offerOf(container)).resource.content?.offerThroughput).toBe(500)
})

rule('replace', 'an offer stays with its resource', async () => {
  const { resource } = await offerOf(await account.container({ throughput: 500 }))
  const body = { ...resource, offerResourceId: 'AAAAAAAAAAA=' }
  expect(await refusal(account.client.offer(resource.id ?? '').replace(body))).toMatchObject({ code: 400 })
})

rule('query', 'offers are neither created nor deleted', async () => {
  const { resource } = await offerOf(await account.container({ throughput: 500 }))
  const answer = await rawRequest(account, { method: 'DELETE', path: `offers/${resource.id?.toLowerCase()}` })
  expect(answer.status).toBe(405)
})
