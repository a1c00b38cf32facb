import type { Shop } from './shop.ts'

/**
 * The shop as of one moment, for one request: the pointer, the catalogue and the counters are read once, so that a list
 * and what it says of its model never mix two generations, also when the pointer flips in between.
 */
export function oneMoment(shop: Shop): Shop {
  let live: ReturnType<Shop['live']> | undefined
  let catalogue: ReturnType<Shop['catalogue']> | undefined
  let counters: ReturnType<Shop['counters']> | undefined
  return {
    ...shop,
    live: () => {
      live ??= shop.live()
      return live
    },
    catalogue: () => {
      catalogue ??= shop.catalogue()
      return catalogue
    },
    counters: () => {
      counters ??= shop.counters()
      return counters
    },
  }
}
