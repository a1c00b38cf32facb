import type { Documents } from '../../ports.ts'
import type { CacheDrop, CacheEpoch } from '../../schemas/cache.ts'
import { collections } from '../../schemas/collections.ts'
import type { UserId } from '../../schemas/ids.ts'

const dropSeconds = 300
const epochKey = { id: 'cache_epoch', partition: 'cache_epoch' }

/** Makes every instance read anew what it holds of the user, with its next look at what changed. */
export async function dropUser(userId: UserId, at: Date, documents: Documents): Promise<CacheDrop> {
  const drop: CacheDrop = { id: 'cache_drop', user_id: userId, at: at.toISOString(), ttl: dropSeconds }
  await documents.upsert(collections.cacheDrops, drop)
  return drop
}

/** Makes every instance read anew all that it holds, with its next look at the live pointer. */
export async function dropEverything(at: Date, documents: Documents): Promise<CacheEpoch> {
  for (;;) {
    const stored = await documents.read(collections.cacheEpochs, epochKey)
    const next: CacheEpoch = { id: 'cache_epoch', epoch: (stored?.document.epoch ?? 0) + 1, at: at.toISOString() }
    const written = stored
      ? await documents.replace(collections.cacheEpochs, next, stored.etag)
      : await documents.create(collections.cacheEpochs, next)
    if (written) return next
  }
}

/** Tells with each call whether all that is held was dropped since the last one. */
export function epochs(documents: Pick<Documents, 'read'>): () => Promise<boolean> {
  let known: number | undefined
  return async () => {
    const epoch = (await documents.read(collections.cacheEpochs, epochKey))?.document.epoch ?? 0
    const isNew = known !== undefined && known !== epoch
    known = epoch
    return isNew
  }
}
