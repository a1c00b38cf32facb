import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { httpStandIn, interactionsAnswer } from './http-stand-in.ts'
import { type LoadProgress, loadShop } from './load-shop.ts'
import { writeTinyShop } from './tiny-shop.ts'

test('loadShop() drops the files with moved dates into landing and posts generated browsing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'load-'))
  await writeTinyShop(dir)
  await using api = await httpStandIn(interactionsAnswer)
  // The container is there already: a second load must go on.
  await using blobs = await httpStandIn(({ path }) =>
    path.includes('restype=container')
      ? { status: 409, headers: { 'x-ms-error-code': 'ContainerAlreadyExists' } }
      : { status: 201, headers: { etag: '"1"', 'last-modified': new Date(0).toUTCString() } },
  )
  const progress: LoadProgress[] = []
  const summary = await loadShop({
    api,
    blobConnectionString: `DefaultEndpointsProtocol=http;AccountName=shop;AccountKey=${btoa('key')};BlobEndpoint=${blobs.url}/shop;`,
    dataDir: dir,
    now: new Date('2026-11-20T12:00:00Z'),
    onProgress: step => progress.push(step),
  })
  await rm(dir, { recursive: true })

  expect(summary.files).toEqual([
    { blob: 'products/products.csv', rows: 4 },
    { blob: 'customers/customers.csv', rows: 2 },
    { blob: 'orders/orders.csv', rows: 3 },
  ])
  const uploads = blobs.received.filter(({ path }) => path.endsWith('.csv'))
  expect(uploads.map(({ path }) => path)).toEqual(summary.files.map(({ blob }) => `/shop/landing/${blob}`))
  expect(uploads[0]?.body).toContain('mug,"Mug, ""blue""",Kitchen,4.5\n')
  expect(uploads[2]?.body).toContain('2,ben,2026-11-17T16:30:00Z,lamp,1,20\n')

  const posted = api.received.flatMap(({ body }): { ts: string }[] => JSON.parse(body))
  expect(posted.length).toBeGreaterThan(0)
  expect(summary.events).toEqual({ accepted: posted.length, rejected: [] })
  expect(posted.every(({ ts }) => ts > '2026-10' && ts < '2026-11-17T16:30')).toBe(true)
  expect(progress.filter(({ step }) => step === 'file')).toHaveLength(3)
  expect(progress.at(-1)).toMatchObject({ step: 'events', sent: posted.length, total: posted.length })
})
