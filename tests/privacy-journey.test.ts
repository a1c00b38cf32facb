import { expect, test, vi } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { ingestChanges } from '../shared/ingest/catalog-changes/ingest-changes.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import { erasureJob } from '../shared/privacy/erasure-job.ts'
import { liveTombstones } from '../shared/privacy/tombstones/live-tombstones.ts'
import { findRun } from '../shared/runs/ledger.ts'
import { work } from '../shared/runs/work.ts'
import { ErasureCertificate } from '../shared/schemas/erasure.ts'
import { type ErasureAnswer, PersonExport } from '../shared/schemas/privacy-answers.ts'
import { RunMessage } from '../shared/schemas/run.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { apiOver } from './api-by-hand.ts'
import { eventId } from './events.ts'
import { checkerboardShop, drop, jobs, lake, runJob } from './memory-shop.ts'
import { pseudonymKey } from './served-shop.ts'

// Lake, refresh, erasure and both again: seconds on an idle machine.
vi.setConfig({ testTimeout: 120_000 })

const person = 'u3'
const popularity = { halfLifeMs: 72 * 3_600_000 }
const [email, phone, name] = ['canary.person@shop.example', '+49 170 5550199', 'Canaria Vogel']
const erasure = erasureJob({ lake, settleMs: 0, eventHubHours: 24 })
const all = { ...jobs, erasure }

/** A shop in which a person left something everywhere, refreshed and published. */
async function livedInShop() {
  const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
  const tombstones = liveTombstones(pseudonymKey, ports)
  const row = [person, name, email, phone, 'France'].join(',')
  await drop(ports, 'customers/more.csv', ['customer_id,name,email,phone,country', row])
  const ts = new Date(ports.clock()).toISOString()
  const about = { schema_version: 1, ts }
  const events = [
    { ...about, event_id: eventId(1), event_type: 'view', item_id: 'i5', session_id: 's9' },
    { ...about, event_id: eventId(2), event_type: 'login', user_id: person, session_id: 's9' },
    { ...about, event_id: eventId(3), event_type: 'purchase', item_id: 'i7', user_id: person },
  ]
  const deliveredAt = (from: number, bodies: readonly unknown[]) =>
    bodies.map((body, index) => ({ sequenceNumber: from + index, enqueuedAt: ts, body }))
  const ingest = (from: number, bodies: readonly unknown[]) => {
    const to = { profiles: new ProfileWriter(), counters: new CounterWriter(popularity), tombstones }
    return ingestBatch({ partition: '0', events: deliveredAt(from, bodies) }, to, ports)
  }
  await ingest(1, events)
  const change = { schema_version: 1, change_id: eventId(4), op: 'update', entity: 'customer', key: person, ts }
  const data = { email, phone, name, country: 'Spain' }
  await ingestChanges({ partition: '0', events: deliveredAt(1, [{ ...change, data }]) }, { pseudonymKey }, ports)
  for (const kind of ['lake', 'refresh'] as const) {
    expect(await runJob(kind, ports, all)).toMatchObject({ status: 'completed' })
  }
  const shop = servedShop(ports, { ...popularity, tombstones })
  const api = apiOver({ ports, shop }, all)
  await api.call('preferences-set', { path: { id: person }, body: { categories: ['Odd'] } })
  const exported = async () => PersonExport.parse((await api.call('person-export', { path: { id: person } })).json)
  return { ports, api, exported, ingest }
}

async function workOff(ports: MemoryPorts): Promise<void> {
  for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
    await work(RunMessage.parse(sent.message), { jobs: all, ports })
  }
}

test('an export has everything of a person by store, and neither an e-mail nor a phone nor a name', async () => {
  const { ports, exported } = await livedInShop()
  const told = await exported()
  expect(told.ids).toEqual([person, 'session:s9'])
  const totals = Object.fromEntries(told.stores.map(({ store, total }) => [store, total]))
  expect(totals).toMatchObject({
    ...{ 'cosmos/users': 4, 'cosmos/user_topn': 1, 'lake/bronze/customers': 2, 'lake/bronze/interactions': 3 },
    ...{ 'lake/silver/orders': 1, 'lake/silver/order_lines': 5, 'lake/gold/dim_customers': 1 },
  })
  const [users] = told.stores
  expect(users?.items).toContainEqual(expect.objectContaining({ id: 'preferences', categories: ['Odd'] }))
  const recent = expect.arrayContaining([expect.objectContaining({ item_id: 'i7', event_type: 'purchase' })])
  expect(users?.items).toContainEqual(expect.objectContaining({ id: 'profile', user_id: person, recent }))
  const text = JSON.stringify([told, ports.logged])
  for (const secret of [email, phone, name, '5550199', 'canary']) expect(text).not.toContain(secret)
  expect(text).toContain('ca***@shop.example')
})

test('an erasure leaves nothing that an export finds, and no way back', async () => {
  const { ports, api, exported, ingest } = await livedInShop()
  const asked = await api.call('erasure-request', { body: { user_id: person } })
  const { erasure: id, job } = asked.json as ErasureAnswer
  await workOff(ports)
  expect((await findRun(job ?? '', ports.documents))?.document).toMatchObject({ status: 'completed' })
  const answer = (await api.call('erasure', { path: { id } })).json as { certificate: unknown }
  const { stores, ids } = ErasureCertificate.parse(answer.certificate)
  expect(ids).toBe(2)
  expect(stores.filter(({ found, removed, found_again: again }) => found !== removed || again > 0)).toEqual([])
  const found = Object.fromEntries(stores.map(({ store, found }) => [store, found]))
  expect(found).toMatchObject({ 'cosmos-users': 4, 'cosmos-user-topn': 1, 'event-hubs': 0 })

  ports.advance(10_000)
  expect((await exported()).stores.filter(({ total }) => total > 0)).toEqual([])
  expect((await api.call('user-profile', { path: { id: person } })).status).toBe(404)
  const late = { schema_version: 1, event_type: 'purchase', item_id: 'i1', user_id: person }
  const ts = new Date(ports.clock()).toISOString()
  expect(await ingest(50, [{ ...late, event_id: eventId(9), ts }])).toMatchObject({ erased: 1, stored: 0 })
  for (const kind of ['lake', 'refresh'] as const) await runJob(kind, ports, all)
  expect((await exported()).stores.filter(({ total }) => total > 0)).toEqual([])
})
