import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type StorageUnderTest, storageUnderTest } from './storage-under-test.ts'

const rule = contract({
  put: 'https://learn.microsoft.com/rest/api/storageservices/put-blob',
  get: 'https://learn.microsoft.com/rest/api/storageservices/get-blob',
  list: 'https://learn.microsoft.com/rest/api/storageservices/list-blobs',
  conditions:
    'https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations',
  lease: 'https://learn.microsoft.com/rest/api/storageservices/lease-blob',
  append: 'https://learn.microsoft.com/rest/api/storageservices/append-block',
  blockList: 'https://learn.microsoft.com/rest/api/storageservices/put-block-list',
})

let storage: StorageUnderTest
beforeAll(async () => {
  storage = await storageUnderTest()
})
afterAll(() => storage.close())
const blobOf = (name: string) => storage.container.getBlockBlobClient(name)
const write = (name: string, text: string) => blobOf(name).upload(text, Buffer.byteLength(text))
const read = async (name: string) => (await blobOf(name).downloadToBuffer()).toString()
const refused = (statusCode: number, code: string) => ({ statusCode, details: { errorCode: code } })

rule('put', 'a blob that is written again holds the new bytes under a new etag', async () => {
  const first = await write('put/a', 'one')
  const second = await write('put/a', 'two')
  expect(await read('put/a')).toBe('two')
  expect(second.etag).not.toBe(first.etag)
})

rule('get', 'a blob that is not there is BlobNotFound', async () => {
  await expect(blobOf('get/none').download()).rejects.toMatchObject(refused(404, 'BlobNotFound'))
})

rule('get', 'a range gives those bytes and the length of the whole', async () => {
  await write('get/range', '0123456789')
  const { contentLength, contentRange, _response } = await blobOf('get/range').download(3, 4)
  expect([_response.status, contentLength, contentRange]).toEqual([206, 4, 'bytes 3-6/10'])
})

rule('list', 'blobs are listed by name, those of a prefix alone, in pages that go on at a marker', async () => {
  for (const name of ['list/b', 'list/a', 'list/c', 'lisu/d']) await write(name, 'x')
  const names: string[][] = []
  for await (const { segment } of storage.container.listBlobsFlat({ prefix: 'list/' }).byPage({ maxPageSize: 2 })) {
    names.push(segment.blobItems.map(({ name }) => name))
  }
  expect(names).toEqual([['list/a', 'list/b'], ['list/c']])
})

rule('list', 'a delimiter gathers what lies deeper into prefixes', async () => {
  for (const name of ['tree/a', 'tree/sub/b', 'tree/sub/c']) await write(name, 'x')
  const found: string[] = []
  for await (const item of storage.container.listBlobsByHierarchy('/', { prefix: 'tree/' })) {
    found.push(`${item.kind} ${item.name}`)
  }
  expect(found.sort()).toEqual(['blob tree/a', 'prefix tree/sub/'])
})

rule('conditions', 'If-None-Match * creates only: a blob that is there is BlobAlreadyExists', async () => {
  const create = () => blobOf('create/a').upload('x', 1, { conditions: { ifNoneMatch: '*' } })
  expect((await create())._response.status).toBe(201)
  await expect(create()).rejects.toMatchObject(refused(409, 'BlobAlreadyExists'))
})

rule('conditions', 'If-Match writes over the version it names and over no other', async () => {
  const { etag = '' } = await write('match/a', 'one')
  await blobOf('match/a').upload('two', 3, { conditions: { ifMatch: etag } })
  const again = blobOf('match/a').upload('three', 5, { conditions: { ifMatch: etag } })
  await expect(again).rejects.toMatchObject(refused(412, 'ConditionNotMet'))
  expect(await read('match/a')).toBe('two')
})

rule('conditions', 'a read under If-None-Match of the version there is gives 304', async () => {
  const { etag = '' } = await write('match/b', 'one')
  const unchanged = blobOf('match/b').download(0, undefined, { conditions: { ifNoneMatch: etag } })
  await expect(unchanged).rejects.toMatchObject({ statusCode: 304 })
})

rule('lease', 'a leased blob is written and deleted under its lease only', async () => {
  await write('lease/a', 'one')
  const lease = blobOf('lease/a').getBlobLeaseClient()
  const { leaseId = '' } = await lease.acquireLease(15)
  await expect(write('lease/a', 'two')).rejects.toMatchObject(refused(412, 'LeaseIdMissing'))
  await expect(blobOf('lease/a').delete()).rejects.toMatchObject(refused(412, 'LeaseIdMissing'))
  await blobOf('lease/a').upload('two', 3, { conditions: { leaseId } })
  await lease.releaseLease()
  expect((await write('lease/a', 'three'))._response.status).toBe(201)
})

rule('lease', 'a second lease is refused until the first is given up', async () => {
  await write('lease/b', 'one')
  const [first, second] = [blobOf('lease/b').getBlobLeaseClient(), blobOf('lease/b').getBlobLeaseClient()]
  await first.acquireLease(15)
  await expect(second.acquireLease(15)).rejects.toMatchObject(refused(409, 'LeaseAlreadyPresent'))
  await first.releaseLease()
  await second.acquireLease(15)
  await expect(first.renewLease()).rejects.toMatchObject(refused(409, 'LeaseIdMismatchWithLeaseOperation'))
  await second.releaseLease()
})

rule('lease', 'a lease lasts from 15 to 60 seconds, or for ever', async () => {
  await write('lease/c', 'one')
  const lease = blobOf('lease/c').getBlobLeaseClient()
  await expect(lease.acquireLease(14)).rejects.toMatchObject({ statusCode: 400 })
  await expect(lease.acquireLease(61)).rejects.toMatchObject({ statusCode: 400 })
  expect((await lease.acquireLease(-1))._response.status).toBe(201)
  await lease.releaseLease()
})

rule('append', 'blocks are appended in their order; one at a wrong position is refused', async () => {
  const blob = storage.container.getAppendBlobClient('append/a')
  await blob.create()
  for (const text of ['one ', 'two ']) await blob.appendBlock(text, 4)
  const late = blob.appendBlock('three', 5, { conditions: { appendPosition: 4 } })
  await expect(late).rejects.toMatchObject(refused(412, 'AppendPositionConditionNotMet'))
  expect(await read('append/a')).toBe('one two ')
})

rule('blockList', 'staged blocks are the blob once they are committed, in the order of the list', async () => {
  const [a, b] = ['a', 'b'].map(name => Buffer.from(name).toString('base64')) as [string, string]
  await blobOf('blocks/a').stageBlock(a, 'one ', 4)
  await blobOf('blocks/a').stageBlock(b, 'two ', 4)
  await expect(blobOf('blocks/a').getProperties()).rejects.toMatchObject({ statusCode: 404 })
  await blobOf('blocks/a').commitBlockList([b, a])
  expect(await read('blocks/a')).toBe('two one ')
})
