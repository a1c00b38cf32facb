import type { Catalogue } from '../../sources/reads.ts'
import type { ListRequest } from '../list-request.ts'
import type { RecommendedList } from '../recommend.ts'
import type { Shop } from '../shop.ts'

/**
 * Tells whether the catalogue has the items of a list, and those it was asked about, as it had them when it was made: a change of
 * any other item is not waited for. The catalogue is looked through once for each state of it, and is not held on to.
 */
export function listedStill(
  { items: about = [] }: Pick<ListRequest, 'items'>,
  { list, catalogue, shop }: { list: Pick<RecommendedList, 'items'>; catalogue: Catalogue; shop: Pick<Shop, 'held'> },
): () => boolean {
  const ids = [...about, ...list.items.map(({ itemId }) => itemId)]
  const listed = ids.map(itemId => catalogue.items.get(itemId))
  let checked = new WeakRef(catalogue)
  return () => {
    const now = shop.held.atHand.catalogue()?.value
    if (now === undefined) return false
    if (now === checked.deref()) return true
    if (!ids.every((itemId, place) => now.items.get(itemId) === listed[place])) return false
    checked = new WeakRef(now)
    return true
  }
}
