import { listedItem } from '../../shared/api/lists/list-answer.ts'
import type { Ports } from '../../shared/ports.ts'
import { collections } from '../../shared/schemas/collections.ts'
import { recommend } from '../../shared/serving/recommend.ts'
import { type Rule, rulesOf } from '../../shared/serving/rules-of.ts'
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
  const write = async (name: string, lists: Record<string, AsyncIterable<unknown>>): Promise<GoldFile> => {
    const path = `gold/${name}.json`
    const parts: Uint8Array[] = [Buffer.from(JSON.stringify(head).slice(0, -1))]
    let count = 0
    for (const [list, entries] of Object.entries(lists)) {
      // Lines rather than entries wait for the last one: a tenth of the memory.
      const lines: Buffer[] = []
      for await (const entry of entries)
        lines.push(Buffer.from(`${lines.length > 0 ? ',\n' : ''}${JSON.stringify(entry)}`))
      parts.push(Buffer.from(`,"${list}":[\n`), ...lines, Buffer.from('\n]'))
      count += lines.length
    }
    await ports.blobs.write(path, Buffer.concat([...parts, Buffer.from('}\n')]))
    return { path, entries: count }
  }
  const rules = await publishedRules(shop)
  const users = await everybody(options.users, ports)
  return [
    await write('assoc_rules', { rules: pairRules(rules), longer_rules: longerRules(rules) }),
    await write('item_similarity', { items: goldNeighbours(shop, limit) }),
    await write('user_recommendations', { users: goldLists(shop, { limit, users }) }),
  ]
}

/** Each rule once, strongest first. */
async function publishedRules(shop: Shop): Promise<Rule[]> {
  const rules = new Map<string, Rule>()
  for (const { id } of (await shop.catalogue()).byName) {
    for (const rule of await rulesOf(id, { limit: rulesPerItemMax }, shop))
      rules.set(JSON.stringify([...rule.lhs, rule.rhs].map(item => item.id)), rule)
  }
  return [...rules.values()].sort((a, b) => b.confidence - a.confidence || b.lift - a.lift)
}

/** Rules of one item on each side. */
async function* pairRules(rules: readonly Rule[]) {
  for (const { lhs, rhs, support, confidence, lift } of rules) {
    const [antecedent, more] = lhs
    if (!antecedent || more) continue
    const sides = { antecedent_id: antecedent.id, antecedent_name: antecedent.name, ...consequent(rhs) }
    yield { ...sides, support, confidence, lift }
  }
}

async function* longerRules(rules: readonly Rule[]) {
  for (const { lhs, rhs, support, confidence, lift } of rules) {
    if (lhs.length < 2) continue
    const sides = { antecedent_ids: lhs.map(({ id }) => id), antecedent_names: lhs.map(({ name }) => name) }
    yield { ...sides, ...consequent(rhs), support, confidence, lift }
  }
}

const consequent = ({ id, name }: Rule['rhs']) => ({ consequent_id: id, consequent_name: name })

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
