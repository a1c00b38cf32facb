import type { Item } from '../../schemas/catalogue.ts'
import type { RequestFacts } from './expression/fields.ts'
import type { PinRule } from './placement-rules.ts'

/**
 * Which item stands at which place, from 1. Of pins to one place the first that may be listed has it, of an item pinned
 * twice the first pin counts: so a second pin steps in when the first item is sold out.
 */
export function pinnedItems(
  pins: readonly PinRule[],
  {
    about,
    items,
    isEligible,
  }: { about: RequestFacts; items: ReadonlyMap<string, Item>; isEligible: (itemId: string) => boolean },
): ReadonlyMap<number, string> {
  const pinned = new Map<number, string>()
  const placed = new Set<string>()
  for (const { itemId, position, holds, isOpen } of pins) {
    const item = items.get(itemId)
    if (!item || pinned.has(position) || placed.has(itemId)) continue
    if (!isOpen(about.nowMs) || !isEligible(itemId) || !holds(item, about)) continue
    pinned.set(position, itemId)
    placed.add(itemId)
  }
  return pinned
}

/**
 * A list with items put at fixed places; the others keep their order around them. Where the list is too short for a
 * place, its item comes right after the last one.
 * @param pinned entries by place, from 1; none of them in `list`
 */
export function putAtPlaces<T>(list: readonly T[], pinned: ReadonlyMap<number, T>): T[] {
  const places = [...pinned].sort(([a], [b]) => a - b)
  const result: T[] = []
  let next = 0
  for (const [place, entry] of places) {
    while (result.length < place - 1 && next < list.length) result.push(list[next++]!)
    result.push(entry)
  }
  return [...result, ...list.slice(next)]
}
