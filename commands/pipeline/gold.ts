import { listedItem } from '../../shared/api/list-answer.ts'
import type { Ports } from '../../shared/ports.ts'
import { collections } from '../../shared/schemas/collections.ts'
import { recommend } from '../../shared/serving/recommend.ts'
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

/** As the placement `similar` lists them before it is filled up; items without any are left out. */
async function* goldNeighbours(shop: Shop, limit: number) {
  for (const { id, name, category } of (await shop.catalogue()).byName) {
    const { items } = await recommend({ placement: 'similar', items: [id], limit, seed: id }, shop)
    const similar = items.flatMap(({ item, score, evidence }) =>
      evidence.type === 'neighbour'
        ? [{ item_id: item.id, name: item.name, category: item.category, similarity: Number(score.toFixed(4)) }]
        : [],
    )
    if (similar.length > 0) yield { item_id: id, name, category, similar }
  }
}

async function* goldLists(shop: Shop, { limit, users }: { limit: number; users: readonly string[] }) {
  for (const userId of users) {
    const { items, facts } = await recommend({ placement: 'home', userId, limit, seed: userId }, shop)
    // Told without the model: whether it is in memory by now is chance, and a file is the same each time.
    const told = items.map(each => listedItem(each, { nameOf: facts.nameOf }))
    yield {
      user_id: userId,
      items: told.map(each => ({ ...each, reason: { code: each.reason.code, text: each.reason.text } })),
    }
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
