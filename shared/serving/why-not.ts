import type { ListRequest } from './list-request.ts'
import { type Dropped, dropStages, ListTrace } from './list-trace.ts'
import { recommend } from './recommend.ts'
import type { Shop } from './shop.ts'

export interface WhyNot {
  /** From 1, of a listed item. */
  position: number | undefined
  /** The first stage that kept it out. */
  dropped: Dropped | undefined
  /** The stages before that one, in their order; of a listed item, all. */
  passed: readonly string[]
  modelVersion: string | undefined
}

/** Makes the list and tells at which place the item is, or which stage was the first to keep it out. */
export async function whyNot(itemId: string, request: ListRequest, shop: Shop): Promise<WhyNot> {
  const trace = new ListTrace()
  const { items, live } = await recommend(request, shop, trace)
  const modelVersion = live?.model_version
  const place = items.findIndex(each => each.itemId === itemId)
  if (place >= 0) return { position: place + 1, dropped: undefined, passed: [...dropStages], modelVersion }
  const dropped = firstToKeepOut(itemId, trace, items.length)
  const passed = dropStages.slice(0, dropStages.indexOf(dropped.stage))
  return { position: undefined, dropped, passed, modelVersion }
}

function firstToKeepOut(itemId: string, trace: ListTrace, listed: number): Dropped {
  const proposals = trace.sources.filter(({ candidates }) => candidates.some(each => each.itemId === itemId))
  const dropped = trace.dropped(itemId) ?? (proposals.length === 0 ? trace.keptOut(itemId) : undefined)
  // What was bought is kept out for all sources but the one that proposes it because it was.
  const isBuyAgain = dropped?.stage === 'bought' && proposals.some(({ source }) => source === 'buy_again')
  if (dropped && !isBuyAgain) return dropped
  if (proposals.length > 0) {
    const names = [...new Set(proposals.map(({ source }) => source))].join(', ')
    return { stage: 'limit', detail: `Proposed by ${names}, but the list of ${listed} was full before it` }
  }
  const most = new Map<string, number>()
  for (const { source, candidates } of trace.sources) {
    most.set(source, Math.max(most.get(source) ?? 0, candidates.length))
  }
  const asked = [...most].map(([source, count]) => `${source} (${count})`).join(', ')
  return { stage: 'not_proposed', detail: `Not among what these sources proposed: ${asked || 'none was asked'}` }
}
