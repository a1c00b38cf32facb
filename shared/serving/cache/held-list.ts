import type { Ports } from '../../ports.ts'
import type { Placement } from '../../schemas/placements.ts'
import type { ListRequest } from '../list-request.ts'
import { type RecommendedList, recommend } from '../recommend.ts'
import type { Shop } from '../shop.ts'
import { MadeLists } from './made-lists.ts'
import { type Read, recorded, unchanged } from './recorded-reads.ts'

export type HeldLists = MadeLists<{ list: RecommendedList; reads: readonly Read[]; at: number }>

const ttlMs = 10_000
const entriesMax = 5_000

/** Lists made of what an instance holds, cleared with it. */
export function heldLists(shop: Shop, { clock }: Pick<Ports, 'clock'>): HeldLists {
  const lists: HeldLists = new MadeLists({ ttlMs, entriesMax, clock })
  shop.held.madeFromIt.add(lists)
  return lists
}

/**
 * A list as it was made a moment ago, while everything it was made from still reads the same: the user's documents, the
 * catalogue, the live generation, the counters, the placement; else one made now. What is left to chance, or goes on from an
 * earlier page, is made each time.
 * @param isWhole tells, once the list is made, whether all of its reads were answered: only then it is kept
 */
export async function heldList(
  request: ListRequest,
  { shop, lists, isWhole }: { shop: Shop; lists: HeldLists; isWhole: () => boolean },
): Promise<RecommendedList> {
  if (request.isSeen || isLeftToChance((await shop.placements())[request.placement])) {
    return recommend(request, shop)
  }
  const key = keyOf(request)
  const held = await lists.get(key, ({ reads }) => unchanged(reads, shop))
  if (held) return held.list
  const at = shop.clock()
  const { shop: recording, reads } = recorded(shop)
  const list = await recommend(request, recording)
  if (isWhole()) lists.set(key, { list, reads: await reads(), at })
  return list
}

function isLeftToChance({ exploration, sources, backfill }: Placement): boolean {
  return exploration > 0 || backfill.includes('exploration') || sources.some(({ source }) => source === 'exploration')
}

/** All that makes it this list, but for what chance is drawn from. */
function keyOf({ seed: _, isSeen: __, ...request }: ListRequest): string {
  return JSON.stringify(request)
}
