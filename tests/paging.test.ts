import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import { ItemList } from '../shared/schemas/answers.ts'
import { collections } from '../shared/schemas/collections.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { EventType } from '../shared/schemas/interaction.ts'
import { defaultPlacements } from '../shared/serving/default-placements.ts'
import { apiOver } from './api-by-hand.ts'
import {
  goLive,
  putItem,
  putNeighbours,
  putPopularity,
  putProfile,
  type ShopByHand,
  shopByHand,
} from './served-shop.ts'

const conversations = 60
const catalogue = 24

/** A shop in which things happen between two pages: `gone` names what could not be listed all the time. */
class MovingShop {
  readonly ids = Array.from({ length: catalogue }, (_, n) => `i${n}`)
  readonly gone = new Set<string>()
  readonly #of: ShopByHand
  readonly #random: Random
  readonly #events: [itemId: string, type: EventType, second: number][] = []
  #generation = 0

  constructor(of: ShopByHand, random: Random) {
    this.#of = of
    this.#random = random
  }

  async open(): Promise<void> {
    const { documents } = this.#of.ports
    // Of the shop that comes with the ports, nothing may be listed.
    for (const id of ['pen', 'ink', 'pad', 'cup', 'tea', 'jam'])
      await putItem(documents, id, { category: 'Old', inStock: false })
    for (const id of this.ids) await putItem(documents, id, { category: this.#random() < 0.5 ? 'Even' : 'Odd' })
    const home = { ...defaultPlacements.home, diversity: 0.7, exploration: 0.2 }
    await documents.upsert(collections.placements, { id: 'placements', placements: { home } })
    await this.#goLive()
  }

  async move(): Promise<void> {
    const { ports } = this.#of
    ports.advance(120_000)
    const itemId = this.#any()
    const what = this.#random()
    if (what < 0.3) await this.#goLive()
    else if (what < 0.6) await this.#stock(itemId, false)
    else if (what < 0.7) await this.#stock([...this.gone][0] ?? itemId, true)
    else {
      const type = what < 0.75 ? 'purchase' : 'view'
      if (type === 'purchase') this.gone.add(itemId)
      this.#events.push([itemId, type, this.#events.length])
      await putProfile(ports, 'anna', this.#events)
    }
  }

  async #goLive(): Promise<void> {
    this.#generation += 1
    const { ports } = this.#of
    const ranked = this.ids
      .map((id): [ItemId, number] => [ItemId.parse(id), this.#random()])
      .sort(([, x], [, y]) => y - x)
    const value = { items: ranked.slice(0, 10), purchases: [] }
    const stored = await ports.documents.read(collections.userLists, { id: 'anna', partition: 'anna' })
    const slot = this.#generation % 2 === 0 ? 'b' : 'a'
    await ports.documents.upsert(collections.userLists, {
      ...{ id: 'anna', ...stored?.document, [slot]: { generation: this.#generation, value } },
    })
    await putNeighbours(ports, this.#any(), { als: { [this.#any()]: 0.9, [this.#any()]: 0.4 } })
    await putPopularity(ports, { [this.#any()]: 3, [this.#any()]: 2 })
    await goLive(ports, this.#generation)
  }

  async #stock(itemId: string, inStock: boolean): Promise<void> {
    if (!inStock) this.gone.add(itemId)
    await putItem(this.#of.ports.documents, itemId, { category: 'Even', inStock })
  }

  #any(): string {
    return this.ids[Math.floor(this.#random() * this.ids.length)] ?? 'i0'
  }
}

test(`pages repeat nothing and pass over nothing in ${conversations} conversations in which generations, stock and events move`, async () => {
  for (let seed = 1; seed <= conversations; seed++) {
    const random = seededRandom(seed)
    const of = await shopByHand()
    const moving = new MovingShop(of, random)
    await moving.open()
    const { call } = apiOver(of)
    const listed: string[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const limit = String(1 + Math.floor(random() * 6))
      const { json } = await call('recommend-user', {
        ...{ path: { id: 'anna' }, query: { limit, ...(cursor === undefined ? {} : { cursor }) } },
      })
      const page = ItemList.parse(json)
      listed.push(...page.items.map(({ item_id: itemId }) => itemId))
      cursor = page.next_cursor
      if (cursor !== null) expect(page.items).toHaveLength(Number(limit))
      await moving.move()
    }
    expect(new Set(listed).size, `conversation ${seed} repeats: ${listed}`).toBe(listed.length)
    const passedOver = moving.ids.filter(id => !moving.gone.has(id) && !listed.includes(id))
    expect(passedOver, `conversation ${seed}`).toEqual([])
  }
})
