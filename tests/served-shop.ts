import { createHash } from 'node:crypto'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { encodeFactorRows, encodeGramian } from '../shared/algorithms/factor-rows.ts'
import { gramian } from '../shared/algorithms/gramian.ts'
import { encodeNameList, nameListOf } from '../shared/algorithms/name-list.ts'
import type { Documents } from '../shared/ports.ts'
import { liveTombstones } from '../shared/privacy/tombstones/live-tombstones.ts'
import { flipLivePointer } from '../shared/publishing/live-pointer.ts'
import type { Customer, Item } from '../shared/schemas/catalogue.ts'
import { collections } from '../shared/schemas/collections.ts'
import { countersId } from '../shared/schemas/counters.ts'
import { ItemId, UserId } from '../shared/schemas/ids.ts'
import { type EventType, eventTypes } from '../shared/schemas/interaction.ts'
import { type ContentBlob, type ModelIndexes, type ModelManifest, manifestPath } from '../shared/schemas/model.ts'
import type { RecentEvent } from '../shared/schemas/profile.ts'
import { popularityId, type RuleTail, type ScoredItem } from '../shared/schemas/published.ts'
import type { ListRequest } from '../shared/serving/list-request.ts'
import { reasonOf } from '../shared/serving/reasons/reason-of.ts'
import { recommend } from '../shared/serving/recommend.ts'
import { type Shop, shop } from '../shared/serving/shop.ts'
import { hashOf, modelBlobs, writeContent } from '../shared/training/content-blobs.ts'
import { parseManifest } from '../shared/training/model.ts'

/** January 1st 2026, when the lists of generation 1 were made. */
export const published = Date.UTC(2026, 0, 1)
export const hourMs = 3_600_000

const scoredItems = (scores: Record<string, number>): ScoredItem[] =>
  Object.entries(scores).map(([itemId, score]) => [ItemId.parse(itemId), score])

export const pseudonymKey = 'a key for tests only'

/** A shop put together by hand, document by document, on memory ports. */
export interface ShopByHand {
  ports: MemoryPorts
  shop: Shop
}

/** Office: pen, ink, pad. Kitchen: cup, tea, jam. Prices count up from 1. */
export async function shopByHand(): Promise<ShopByHand> {
  const ports = memoryPorts({ now: published + hourMs })
  for (const [index, id] of ['pen', 'ink', 'pad', 'cup', 'tea', 'jam'].entries()) {
    await putItem(ports.documents, id, { category: index < 3 ? 'Office' : 'Kitchen', price: index + 1 })
  }
  return { ports, shop: shop(ports, { halfLifeMs: hourMs, tombstones: liveTombstones(pseudonymKey, ports) }) }
}

/** A list of ten of the placement home, unless told otherwise, with reasons as they are told. */
export async function listed(request: Partial<ListRequest>, shop: Shop) {
  const { items, facts } = await recommend({ placement: 'home', limit: 10, seed: 'a test', ...request }, shop)
  return items.map(each => ({ ...each, reason: reasonOf(each, facts) }))
}

export async function putItem(
  documents: Documents,
  id: string,
  of: { category: string; price?: number; inStock?: boolean; name?: string } & Partial<
    Pick<Item, 'brand' | 'tags' | 'hidden' | 'added_at'>
  >,
): Promise<void> {
  const { category, price = 1, inStock = true, name = `The ${id}`, ...rest } = of
  await documents.upsert(collections.items, {
    ...{ id: ItemId.parse(id), name, category, price, in_stock: inStock, ...rest },
    row_hash: `${category} ${price} ${inStock} ${name} ${JSON.stringify(rest)}`,
  })
}

export async function goLive({ documents }: MemoryPorts, generation = 1): Promise<void> {
  const at = published + (generation - 1) * 1000
  await flipLivePointer(
    { generation, model_version: `v${generation}`, generated_at: new Date(at).toISOString(), data_until: at },
    documents,
  )
}

/**
 * The model of a generation: item factors, fitted without regularization to speak of, with lists by taste alone. Tells where each part of it is kept.
 */
export async function putModel(
  { documents, blobs }: MemoryPorts,
  items: Record<string, number[]>,
  generation = 1,
  { itemLinearShare = 0, users = [] }: { itemLinearShare?: number; users?: string[] } = {},
): Promise<{ itemFactors: ContentBlob; manifest: string }> {
  const keep = (bytes: Uint8Array) => writeContent(bytes, { folder: modelBlobs, blobs })
  const rows = Object.values(items)
  const factors = rows[0]?.length ?? 1
  const values = Float32Array.from(rows.flat())
  const names = await keep(encodeNameList(nameListOf(Object.keys(items))))
  const userNames = await keep(encodeNameList(nameListOf(users)))
  const itemFactors = await keep(encodeFactorRows(values, factors))
  const ofItems = await keep(encodeGramian(gramian(values, factors)))
  const als = { alpha: 1, regularization: 0.001, regularizationExponent: 0 }
  const manifest: ModelManifest = {
    ...{ version: 1, factors, users: users.length, items: rows.length, parameters: {}, userFactors: [] },
    itemFactors: [{ ...itemFactors, from: 0, to: rows.length }],
    gramians: { users: ofItems, items: ofItems },
    names: { users: userNames, items: names },
  }
  const runId = `refresh-${generation}`
  const bytes = Buffer.from(JSON.stringify(manifest))
  await blobs.write(manifestPath(runId), bytes)
  const strength = { weights: { rating: 0, purchase: 1, recency: 0, quantity: 0 }, recencyHalfLifeMs: hourMs }
  await documents.upsert(collections.generations, {
    ...{ id: `v${generation}`, generation, run_id: runId, generated_at: new Date(published).toISOString() },
    ...{ manifest_path: manifestPath(runId), manifest_sha256: createHash('sha256').update(bytes).digest('hex') },
    ...{ parameters: { als, strength, popularityShare: 0, itemLinear: { share: itemLinearShare } }, counts: {} },
  })
  return { itemFactors, manifest: manifestPath(runId) }
}

/** A user's trained list and purchases, of generation 1. */
export async function putLists(
  { documents }: MemoryPorts,
  userId: string,
  of: { items: Record<string, number>; bought?: string[] },
): Promise<void> {
  const { items, bought = [] } = of
  const purchases = bought.map((itemId): [string, number, number] => [itemId, published / 1000 - 60, 1])
  const value = { items: scoredItems(items), purchases }
  await documents.upsert(collections.userLists, { id: userId, a: { generation: 1, value } })
}

export async function putNeighbours(
  { documents }: MemoryPorts,
  itemId: string,
  of: { als?: Record<string, number>; copurchase?: Record<string, number>; viewed?: Record<string, number> },
): Promise<void> {
  const { als = {}, copurchase = {}, viewed = {} } = of
  const value = { als: scoredItems(als), copurchase: scoredItems(copurchase), viewed: scoredItems(viewed) }
  await documents.upsert(collections.itemNeighbours, { id: itemId, a: { generation: 1, value } })
}

/** Popularity of purchases in files, of the whole shop or of a category, as of generation 1. */
export async function putPopularity(
  { documents }: MemoryPorts,
  items: Record<string, number>,
  category?: string,
): Promise<void> {
  const value = { at: published, items: scoredItems(items) }
  await documents.upsert(collections.popularity, { id: popularityId(category), a: { generation: 1, value } })
}

/** Counters of the stream as of a moment. */
export async function putCounters(
  { documents }: MemoryPorts,
  values: Record<string, number>,
  { partition = '0', at = published }: { partition?: string; at?: number } = {},
): Promise<void> {
  await documents.upsert(collections.counters, {
    ...{ type: 'counters', id: countersId(partition), applied: 0, at, values },
  })
}

/** What a user did, oldest first, so many seconds after the lists were made. */
export async function putProfile(
  { documents }: MemoryPorts,
  userId: string,
  events: readonly [itemId: string, type: EventType, second: number][],
  { disliked = [] }: { disliked?: string[] } = {},
): Promise<void> {
  await documents.upsert(collections.profiles, {
    ...{ id: 'profile', user_id: UserId.parse(userId), applied: {} },
    recent: events.map(([itemId, type, second], index): RecentEvent => {
      return [itemId, eventTypes.indexOf(type), published / 1000 + second, `id${index}`]
    }),
    bought: events.filter(([, type]) => type === 'purchase').map(([itemId]) => itemId),
    disliked,
  })
}

/** Names indexes in the manifest of a generation's model, as its refresh would have. */
export async function putIndexes(
  { documents, blobs }: MemoryPorts,
  indexes: ModelIndexes,
  generation = 1,
): Promise<void> {
  const version = `v${generation}`
  const stored = await documents.read(collections.generations, { id: version, partition: version })
  const before = stored && (await blobs.read(stored.document.manifest_path))
  if (!stored || !before) throw new Error(`There is no model of ${version}`)
  const manifest = parseManifest(before)
  const bytes = Buffer.from(JSON.stringify({ ...manifest, indexes: { ...manifest.indexes, ...indexes } }))
  await blobs.write(stored.document.manifest_path, bytes)
  await documents.upsert(collections.generations, { ...stored.document, manifest_sha256: hashOf(bytes) })
}

/** Rules as `pad pen => ink` with support, confidence and lift, under each item of their left sides, of generation 1. */
export async function putRules(
  { documents }: MemoryPorts,
  rules: Record<string, [support: number, confidence: number, lift: number]>,
): Promise<void> {
  const byItem = new Map<string, RuleTail[]>()
  for (const [text, measures] of Object.entries(rules)) {
    const [left = '', right = ''] = text.split(' => ')
    const lhs = left.split(' ').map(id => ItemId.parse(id))
    for (const id of lhs) byItem.set(id, [...(byItem.get(id) ?? []), [lhs, ItemId.parse(right), ...measures]])
  }
  for (const [id, value] of byItem) await documents.upsert(collections.itemRules, { id, a: { generation: 1, value } })
}

/** A customer's record, as the hub or the lake would have told of it. */
export async function putCustomer(
  { documents }: Pick<MemoryPorts, 'documents'>,
  userId: string,
  of: Partial<Pick<Customer, 'country' | 'region' | 'segment' | 'loyalty' | 'standing' | 'deleted'>>,
): Promise<void> {
  await documents.upsert(collections.customers, {
    ...{ id: 'customer', user_id: UserId.parse(userId), country: '', deleted: false, ...of },
    row_hash: JSON.stringify(of),
  })
}
