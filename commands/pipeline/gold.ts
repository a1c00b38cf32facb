import { listedItem } from '../../shared/api/list-answer.ts'
import type { Ports } from '../../shared/ports.ts'
import { collections } from '../../shared/schemas/collections.ts'
import { hybridNeighbours } from '../../shared/serving/neighbours-of-recent.ts'
import { recommendForUser } from '../../shared/serving/recommend-for-user.ts'
import { rulesOf } from '../../shared/serving/rules-of.ts'
import { type Shop, shop as servedShop } from '../../shared/serving/shop.ts'

export interface GoldFile {
  path: string
  /** Rules, items or users in it. */
  entries: number
}

/** More than a refresh publishes for an item: all of them. */
const rulesPerItemMax = 100

/**
 * Writes what the API would answer of the live generation to gold/: every rule, every item's neighbours and every
 * user's list, at most `limit` items each, with names joined. One entry a line; a file is replaced as a whole.
 */
export async function writeGold(
  ports: Ports,
  options: { limit: number; popularityHalfLifeMs: number; users: readonly string[] },
): Promise<GoldFile[]> {
  const { limit, popularityHalfLifeMs: halfLifeMs } = options
  const shop = servedShop(ports, { halfLifeMs })
  const live = await shop.live()
  const head = { generated_at: live?.generated_at ?? null, model_version: live?.model_version ?? null }
  const write = async (name: string, list: string, entries: AsyncIterable<unknown>): Promise<GoldFile> => {
    const path = `gold/${name}.json`
    const lines: Buffer[] = []
    // Lines rather than entries wait for the last one: a tenth of the memory.
    for await (const entry of entries)
      lines.push(Buffer.from(`${lines.length > 0 ? ',\n' : ''}${JSON.stringify(entry)}`))
    const begin = Buffer.from(`{${JSON.stringify(head).slice(1, -1)},"${list}":[\n`)
    await ports.blobs.write(path, Buffer.concat([begin, ...lines, Buffer.from('\n]}\n')]))
    return { path, entries: lines.length }
  }
  const users = await everybody(options.users, ports)
  return [
    await write('assoc_rules', 'rules', goldRules(shop)),
    await write('item_similarity', 'items', goldNeighbours(shop, limit)),
    await write('user_recommendations', 'users', goldLists(shop, { limit, users })),
  ]
}

/** Strongest first. */
async function* goldRules(shop: Shop) {
  const rules = []
  for (const { id, name } of (await shop.catalogue()).byName) {
    for (const { item, support, confidence, lift } of await rulesOf(id, rulesPerItemMax, shop)) {
      const antecedent = { antecedent_id: id, antecedent_name: name }
      rules.push({ ...antecedent, consequent_id: item.id, consequent_name: item.name, support, confidence, lift })
    }
  }
  yield* rules.sort((a, b) => b.confidence - a.confidence || b.lift - a.lift)
}

/** By both kinds of neighbours mixed, as the API mixes them; items without any are left out. */
async function* goldNeighbours(shop: Shop, limit: number) {
  const [{ items, byName }, live] = await Promise.all([shop.catalogue(), shop.live()])
  for (const { id, name, category } of byName) {
    const neighbours = hybridNeighbours(live && (await shop.neighbours(id, live.generation)))
    const similar = neighbours.slice(0, limit).flatMap(([neighbourId, similarity]) => {
      const item = items.get(neighbourId)
      if (!item) return []
      const { name, category } = item
      return [{ item_id: neighbourId, name, category, similarity: Number(similarity.toFixed(4)) }]
    })
    if (similar.length > 0) yield { item_id: id, name, category, similar }
  }
}

async function* goldLists(shop: Shop, { limit, users }: { limit: number; users: readonly string[] }) {
  for (const userId of users) {
    const list = await recommendForUser(userId, { limit }, shop)
    yield { user_id: userId, items: list.map(listedItem) }
  }
}

/** Those the model knows and those of the customers' file. */
async function everybody(known: readonly string[], { documents }: Ports): Promise<string[]> {
  const ids = new Set(known)
  for await (const page of documents.query(collections.customers, {})) {
    for (const { user_id: userId } of page) ids.add(userId)
  }
  return [...ids].sort()
}
