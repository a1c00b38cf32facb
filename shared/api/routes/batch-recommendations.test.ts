import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver, jobsOf } from '../../../tests/api-by-hand.ts'
import { putModel, type ShopByHand } from '../../../tests/served-shop.ts'
import { deliver } from '../../../tests/stocktaking.ts'
import { ItemList } from '../../schemas/answers.ts'
import { BatchJob, BatchLists, ExportAnswer } from '../../schemas/batch.ts'
import { collections } from '../../schemas/collections.ts'
import { ExportedList, ExportManifest } from '../../schemas/export.ts'

async function workOff({ ports, shop }: ShopByHand): Promise<void> {
  while (ports.sent.length > 0) await deliver(ports, { jobs: jobsOf(shop) })
}

describe('lists of many', () => {
  test('are each the user’s own, in the order sent, or say why there is none', async () => {
    const { call } = apiOver(await answeringShop())
    const users = ['nobody', 'anna', 'a/b', 'anna']
    const { json } = await call('recommend-batch', { body: { users, limit: 3, category: 'Office' } })
    const { items } = BatchLists.parse(json)
    expect(items.map(({ user_id: id, list, error }) => [id, list?.items.length ?? error])).toEqual([
      ['nobody', 3],
      ['anna', 3],
      ['a/b', { code: 'invalid_user_id', detail: expect.stringContaining('must be 1 to 128 characters') }],
      ['anna', 3],
    ])
    const one = await call('recommend-user', { path: { id: 'anna' }, query: { limit: '3', category: 'Office' } })
    expect(items[1]?.list?.items).toEqual(ItemList.parse(one.json).items)
    expect(new Set(items.flatMap(({ list }) => list?.recommendation_id ?? [])).size).toBe(3)
  })

  test('count as shown to nobody', async () => {
    const of = await answeringShop()
    const { call, impressions } = apiOver(of)
    await call('recommend-batch', { body: { users: ['anna', 'ben'] } })
    await impressions.settled()
    expect(of.ports.appended).toEqual([])
  })

  test.each([
    [{ users: [] }, 'users', 'must be 1 to 10,000 user ids'],
    [{ users: Array.from({ length: 10_001 }, (_, n) => `u${n}`) }, 'users', 'must be 1 to 10,000 user ids'],
    [{ users: ['anna'], filter: 'price <' }, 'filter', ''],
    [{ users: ['anna'], filter: 'price <', async: true }, 'filter', ''],
    [{ users: ['anna'], placement: 'cart' }, 'placement', 'must be email or home'],
    [{ users: ['anna', 'a/b'], async: true }, 'users[1]', 'must be 1 to 128 characters'],
    [{ users: ['anna'], cursor: 'x' }, 'cursor', 'is not known here'],
  ])('are refused as a whole where nobody can have one: %j', async (body, field, reason) => {
    const of = await answeringShop()
    const { status, json } = await apiOver(of).call('recommend-batch', { body })
    expect([status, json]).toMatchObject([400, { errors: [{ field, reason: expect.stringContaining(reason) }] }])
    expect(of.ports.sent).toEqual([])
  })
})

describe('lists of more', () => {
  test('are a job whose files are told of, and given whole or by range', async () => {
    const of = await answeringShop()
    await putModel(of.ports, { pen: [1] })
    const { call } = apiOver(of)
    const body = {
      users: ['nobody', 'anna', 'ben', 'anna'],
      async: true,
      placement: 'home',
      limit: 1,
      category: 'Office',
    }
    const started = await call('recommend-batch', { body, headers: { 'idempotency-key': 'the-only-one' } })
    const { job, ...urls } = BatchJob.parse(started.json)
    expect([started.status, urls]).toEqual([
      202,
      {
        ...{ started: true, status_url: `/api/exports/${job}`, download_url: `/api/exports/${job}` },
        logs_url: `/api/batch/logs/${job}`,
      },
    ])
    const exported = async () => ExportAnswer.parse((await call('export', { path: { job } })).json)
    expect(await exported()).toMatchObject({ status: 'running', placement: null, users: null, files: [] })
    await workOff(of)
    const { files, ...told } = await exported()
    expect(told).toMatchObject({ status: 'completed', placement: 'home', users: 3, completed_at: expect.any(String) })
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['part-000000000.csv', 2],
      ['part-000000000.ndjson', 2],
      ['part-000000002.csv', 1],
      ['part-000000002.ndjson', 1],
    ])
    expect((await call('exports')).json).toEqual({ items: [await exported()], next_cursor: null })

    const file = (name: string, range?: string) =>
      call('export-file', { path: { job, file: name }, ...(range === undefined ? {} : { headers: { range } }) })
    const whole = await file('part-000000000.ndjson')
    const lists = String(whole.json)
      .trim()
      .split('\n')
      .map(line => ExportedList.parse(JSON.parse(line)))
    expect(lists.map(({ user_id: id, items }) => [id, items.map(({ category }) => category)])).toEqual([
      ['anna', ['Office']],
      ['ben', ['Office']],
    ])
    expect(whole.headers).toMatchObject({
      ...{ 'content-type': 'application/x-ndjson', 'accept-ranges': 'bytes' },
      ...{
        'content-disposition': `attachment; filename="${job}-part-000000000.ndjson"`,
        etag: `"${files[1]?.sha256}"`,
      },
    })
    const part = await file('part-000000000.ndjson', 'bytes=2-8')
    expect([part.status, part.json, part.headers['content-range']]).toEqual([
      206,
      'user_id',
      `bytes 2-8/${files[1]?.bytes}`,
    ])
    expect((await file('part-000000000.csv', 'bytes=99999-')).status).toBe(416)
    const manifest = await file('manifest.json')
    expect(ExportManifest.parse(manifest.json).users).toBe(3)
    expect((await file('part-000000001.csv')).status).toBe(404)
    expect((await file('../manifest.json')).status).toBe(400)
  })

  test('name nobody any more in the ledger once the job has taken them up', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    const { json } = await call('recommend-batch', { body: { users: ['nobody'], async: true } })
    const key = { id: 'request', partition: BatchJob.parse(json).job }
    expect((await of.ports.documents.read(collections.exportRequests, key))?.document.users).toEqual(['nobody'])
    await workOff(of)
    expect(await of.ports.documents.read(collections.exportRequests, key)).toBeUndefined()
  })

  test('go by themselves where no job ever takes them up', async () => {
    const of = await answeringShop()
    const { json } = await apiOver(of).call('recommend-batch', { body: { users: ['nobody'], async: true } })
    const key = { id: 'request', partition: BatchJob.parse(json).job }
    of.ports.advance(8 * 24 * 3_600_000)
    expect(await of.ports.documents.read(collections.exportRequests, key)).toBeUndefined()
  })

  test('wait while another export is at work; the same key gives the same job', async () => {
    const { call } = apiOver(await answeringShop())
    const send = (users: string[], key: string) =>
      call('recommend-batch', { body: { users, async: true }, headers: { 'idempotency-key': key } })
    const first = BatchJob.parse((await send(['anna'], 'monday')).json)
    expect((await send(['anna'], 'monday')).json).toEqual({ ...first, started: false })
    expect(await send(['ben'], 'tuesday')).toMatchObject({ status: 409, json: { code: 'job_running' } })
  })

  test('of a job that is no export, or of none, are not there', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    const path = { job: 'export-0000000000000000' }
    expect(await call('export', { path })).toMatchObject({ status: 404, json: { code: 'unknown_job' } })
    const file = { path: { ...path, file: 'manifest.json' } }
    expect(await call('export-file', file)).toMatchObject({ status: 404, json: { code: 'unknown_job' } })
  })
})
