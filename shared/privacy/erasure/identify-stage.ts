import { pseudonymOf } from '../../lake/build/pseudonym.ts'
import { type Stage, stage } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { sessionsInLake } from '../lake/sessions-in-lake.ts'
import { erasureOf, PersonChunk, planPeople } from './erase-chunk.ts'
import type { ErasureOptions } from './erase-step.ts'

/** Adds to each person the visitors' sessions that a login made the person's; they get tombstones of their own. */
export function identifyStage({ lake }: Pick<ErasureOptions, 'lake'>): Stage {
  return stage({
    name: 'identify',
    weight: 1,
    parse: raw => PersonChunk.parse(raw),
    plan: planPeople,
    run: async (chunk, context) => {
      const erasure = await erasureOf(chunk, context)
      if (!erasure) return {}
      const { documents, blobs, sql, clock, uuid } = context.ports
      const [userId = '', ...known] = erasure.user_ids ?? []
      const sessions = new Set([...known, ...(await sessionsInLake(userId, { blobs, sql, clock, uuid }))])
      const erased_at = new Date(clock()).toISOString()
      for (const session of sessions) {
        const id = pseudonymOf(session, lake.pseudonymKey)
        await documents.upsert(collections.tombstones, { id, kind: 'tombstone', erasure: erasure.id, erased_at })
      }
      await documents.upsert(collections.erasures, { ...erasure, user_ids: [userId, ...sessions] })
      return { sessions: sessions.size }
    },
  })
}
