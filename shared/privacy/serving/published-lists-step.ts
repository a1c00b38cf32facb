import { collections } from '../../schemas/collections.ts'
import type { EraseStep } from '../erasure/erase-step.ts'

/** Cosmos `user_topn`: the lists that refreshes published. */
export const publishedListsStep: EraseStep = {
  store: 'cosmos-user-topn',
  about: 'published lists of both generations, with purchases and segment',
  erase: async ({ ids }, { ports: { documents } }) => {
    const keys = ids.map(id => ({ id, partition: id }))
    const found = await documents.readAll(collections.userLists, keys)
    const there = keys.filter((_, index) => found[index] !== undefined)
    const removed = await Promise.all(there.map(key => documents.remove(collections.userLists, key)))
    return { found: there.length, removed: removed.filter(Boolean).length }
  },
}
