import { describe, expect, test } from 'vitest'
import type { MemoryPorts } from '../shared/adapters/memory/ports.ts'
import { decodeGramian } from '../shared/algorithms/factor-rows.ts'
import { foldIn } from '../shared/algorithms/fold-in.ts'
import { readLivePointer } from '../shared/publishing/live-pointer.ts'
import { failRun } from '../shared/runs/end-run.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { collections } from '../shared/schemas/collections.ts'
import type { EventType } from '../shared/schemas/interaction.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { readContent } from '../shared/training/content-blobs.ts'
import { readMatrixRows, readNames } from '../shared/training/dataset-blobs.ts'
import { readFactorRows, readManifest } from '../shared/training/model.ts'
import { fittedShop, hourMs, metricsOf, shoppers } from './fitted-shop.ts'
import { drop, jobs, runJob, smallTraining } from './memory-shop.ts'
import { listed } from './served-shop.ts'

const refresh = (ports: MemoryPorts, options: { refit?: boolean } = {}) => runJob('refresh', ports, jobs, options)

/** By user: in which generations the stored document has lists. */
async function generationsOf({ documents }: MemoryPorts): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {}
  for await (const page of documents.query(collections.userLists, {})) {
    for (const { id, a, b } of page) found[id] = [a, b].flatMap(slot => (slot ? [slot.generation] : [])).sort()
  }
  return found
}
async function certificateOf({ documents }: MemoryPorts) {
  const version = (await readLivePointer(documents))?.model_version ?? ''
  const key = { id: version, partition: version }
  const metrics = await documents.read(collections.modelMetrics, key)
  const generation = await documents.read(collections.generations, key)
  expect(generation?.document.certificate).toEqual(metrics?.document.certificate)
  return metrics?.document.certificate
}
const allUsers = Array.from({ length: 12 }, (_, user) => `u${user}`)

describe('a refresh after a full fit', () => {
  test('makes the lists of users with new events alone, and writes no other', async () => {
    const { ports } = await fittedShop()
    await shoppers(ports, [['u4', 'view', 'i1']])
    const run = await refresh(ports)
    expect(run.status).toBe('completed')
    expect(metricsOf(run, 'decide')).toMatchObject({ refit: 0 })
    expect(metricsOf(run, 'factors')).toEqual({})
    expect(metricsOf(run, 'user-lists')).toMatchObject({ users: 1 })
    const generations = await generationsOf(ports)
    for (const user of allUsers) expect(generations[user], user).toEqual(user === 'u4' ? [1, 2] : [1])
    expect((await readLivePointer(ports.documents))?.generation).toBe(2)
  })

  test('gives a changed user the vector that folding in by hand gives, and leaves items and other users as they were', async () => {
    const { ports, first } = await fittedShop()
    await shoppers(ports, [
      ['u4', 'view', 'i1'],
      ['u4', 'view', 'i3'],
    ])
    const { run_id: runId } = await refresh(ports)
    const before = await readManifest(first.run_id, ports.blobs)
    const now = await readManifest(runId, ports.blobs)
    const rowsOf = (manifest: typeof now, side: 'userFactors' | 'itemFactors') =>
      readFactorRows({ parts: manifest[side], factors: manifest.factors, from: 0, to: 12 }, ports.blobs)
    const items = await rowsOf(now, 'itemFactors')
    expect(items).toEqual(await rowsOf(before, 'itemFactors'))

    const run = { runId, ports }
    const user = (await readNames(run, 'users')).indexOf('u4')
    const { indices: columns, values: strengths } = await readMatrixRows(run, 'user-items', {
      from: user,
      to: user + 1,
    })
    expect(columns.length).toBe(7)
    const gramian = decodeGramian(await readContent(now.gramians.items, ports.blobs))
    const { als } = smallTraining
    const byHand = foldIn({ columns, strengths }, { factors: 2, values: items, gramian }, { ...als, meanEntries: 5 })
    const users = await rowsOf(now, 'userFactors')
    const usersBefore = await rowsOf(before, 'userFactors')
    expect([...users.subarray(2 * user, 2 * user + 2)]).toEqual([...byHand])
    for (const other of [...Array(12).keys()].filter(row => row !== user)) {
      expect(users.subarray(2 * other, 2 * other + 2)).toEqual(usersBefore.subarray(2 * other, 2 * other + 2))
    }
  })

  test('with nothing new makes and writes no list at all', async () => {
    const { ports } = await fittedShop()
    const run = await refresh(ports)
    expect(metricsOf(run, 'user-lists')).toMatchObject({ users: 0 })
    expect(metricsOf(run, 'publish')).toMatchObject({ written: 0 })
    expect(await certificateOf(ports)).toMatchObject({ mode: 'increment', folded_users_share: 0, refolded_overlap: 1 })
  })

  test('publishes a list for a newcomer, and an item that is new reaches the lists of those it suits', async () => {
    const { ports } = await fittedShop()
    await drop(ports, 'products/more.csv', ['item_id,name,category,price', 'i12,Item 12,Even,6.50'])
    await runJob('lake', ports)
    await shoppers(ports, [
      ['u0', 'purchase', 'i12'],
      ['newcomer', 'purchase', 'i1'],
      ['u4', 'view', 'i6'],
      ['u5', 'view', 'i1'],
    ])
    expect(metricsOf(await refresh(ports), 'fold-in')).toMatchObject({ items_folded: 1, users_folded: 4 })
    const shop = servedShop(ports, { halfLifeMs: 72 * hourMs })
    const listFor = async (user: string) =>
      (await listed({ userId: user, limit: 13 }, shop)).map(({ itemId }) => itemId)
    expect((await listFor('u4')).indexOf('i12')).toBeLessThan((await listFor('u5')).indexOf('i12'))
    expect((await listFor('u4')).slice(0, 2).sort()).toEqual(['i12', 'i4'])
    const newcomer = await listed({ userId: 'newcomer', limit: 5 }, shop)
    expect(newcomer.map(({ rung, item }) => `${rung} ${item.category}`)).toEqual(Array(5).fill('personal Odd'))
  })

  test('makes all lists again a day after they were made, as they carry a share of popularity', async () => {
    const { ports } = await fittedShop()
    ports.advance(18 * hourMs)
    expect(metricsOf(await refresh(ports), 'user-lists')).toMatchObject({ users: 12 })
    ports.advance(6 * hourMs)
    expect(metricsOf(await refresh(ports), 'user-lists')).toMatchObject({ users: 0 })
  })

  test('makes all lists when a run in between never went live, as that may have written some', async () => {
    const { ports } = await fittedShop()
    const { run: stopped } = await startRun('refresh', { trigger: 'test', jobs }, ports)
    await failRun(stopped.run_id, 'The worker is gone', ports)
    ports.sent.length = 0
    const run = await refresh(ports)
    expect(metricsOf(run, 'decide')).toMatchObject({ refit: 0 })
    expect(metricsOf(run, 'user-lists')).toMatchObject({ users: 12 })
  })
})

describe('everything is fitted anew', () => {
  test('a week later, and the certificate says how good the vectors were that were folded in since', async () => {
    const { ports } = await fittedShop()
    await shoppers(ports, [
      ['u4', 'view', 'i6'],
      ['u5', 'view', 'i3'],
    ])
    await refresh(ports)
    expect(await certificateOf(ports)).toMatchObject({ mode: 'increment', reason: 'changed' })
    ports.advance(168 * hourMs)
    const run = await refresh(ports)
    expect(metricsOf(run, 'decide')).toMatchObject({ refit: 1 })
    const certificate = await certificateOf(ports)
    expect(certificate).toMatchObject({
      mode: 'refit',
      reason: 'age',
      folded_users_share: 0,
      new_interactions_share: 0,
    })
    expect(certificate?.folded_cosine).toBeGreaterThan(0.9)
    expect(certificate?.folded_overlap).toBeGreaterThan(0.5)
    expect(certificate?.fitted_overlap).toBeGreaterThan(0.5)
    expect(metricsOf(run, 'certificate')).toMatchObject({ folded_cosine: certificate?.folded_cosine })
  })

  test('when asked, and the next refresh adds to that', async () => {
    const { ports } = await fittedShop()
    await shoppers(ports, [['u4', 'view', 'i6']])
    expect(metricsOf(await refresh(ports, { refit: true }), 'user-lists')).toMatchObject({ users: 12 })
    await shoppers(ports, [['u5', 'view', 'i3']])
    expect(metricsOf(await refresh(ports), 'user-lists')).toMatchObject({ users: 1 })
  })

  test('when a fifth of the interactions are new, and when the model that is live is gone', async () => {
    const { ports, first } = await fittedShop()
    await shoppers(
      ports,
      allUsers.map((user, index) => [user, 'view', `i${(index + 2) % 12}`]),
    )
    await shoppers(ports, [['u0', 'view', 'i4']])
    expect(metricsOf(await refresh(ports), 'decide')).toMatchObject({ refit: 1 })
    expect(await certificateOf(ports)).toMatchObject({ reason: 'interactions' })

    const { itemFactors } = await readManifest(first.run_id, ports.blobs)
    expect(itemFactors).toHaveLength(1)
    const live = (await readLivePointer(ports.documents))?.model_version ?? ''
    const generation = await ports.documents.read(collections.generations, { id: live, partition: live })
    const manifest = await readManifest(generation?.document.run_id ?? '', ports.blobs)
    await ports.blobs.remove(manifest.userFactors[0]?.path ?? '')
    expect(metricsOf(await refresh(ports), 'decide')).toMatchObject({ refit: 1 })
    expect(await certificateOf(ports)).toMatchObject({ reason: 'first' })
  })
})

test('models of increments that nobody can return to go, with all that only they name; fits stay', async () => {
  const { ports, first } = await fittedShop()
  const runs = [first.run_id]
  for (const itemId of ['i1', 'i3', 'i5']) {
    await shoppers(ports, [['u4', 'view', itemId]])
    runs.push((await refresh(ports)).run_id)
  }
  const paths: string[] = []
  for await (const { path } of ports.blobs.list('models/')) paths.push(path)
  expect(paths.filter(path => path.endsWith('model.json')).sort()).toEqual(
    [0, 2, 3].map(run => `models/${runs[run]}/model.json`).sort(),
  )
  const texts = await Promise.all([0, 2, 3].map(run => ports.blobs.read(`models/${runs[run]}/model.json`)))
  const named = texts.map(bytes => new TextDecoder().decode(bytes)).join()
  const blobs = paths.filter(path => path.startsWith('models/blobs/'))
  expect(blobs.length).toBeGreaterThan(10)
  expect(blobs.filter(path => !named.includes(path))).toEqual([])
  for (const path of new Set(named.match(/models\/blobs\/\w+\.bin/g))) expect(blobs).toContain(path)
})

test('the same events in one increment or in two lead to the same vectors of those who did them', async () => {
  const vectorsAfter = async (batches: [string, EventType, string][][]) => {
    const { ports } = await fittedShop()
    let runId = ''
    for (const events of batches) {
      await shoppers(ports, events)
      runId = (await refresh(ports)).run_id
    }
    const { userFactors: parts, users } = await readManifest(runId, ports.blobs)
    const rows = await readFactorRows({ parts, factors: 2, from: 0, to: users }, ports.blobs)
    const user = (await readNames({ runId, ports }, 'users')).indexOf('u4')
    return [...rows.subarray(2 * user, 2 * user + 2)].map(value => value.toFixed(6))
  }
  const a: [string, EventType, string] = ['u4', 'view', 'i1']
  const b: [string, EventType, string] = ['u4', 'view', 'i3']
  expect(await vectorsAfter([[a], [b]])).toEqual(await vectorsAfter([[a, b]]))
})
