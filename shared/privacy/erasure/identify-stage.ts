import { type Stage, stage } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { sessionsInLake } from '../lake/sessions-in-lake.ts'
import { erasureOf, PersonChunk, planPeople } from './erase-chunk.ts'

/** Adds to each person the visitors' sessions that a login made the person's. */
export const identifyStage: Stage = stage({
  name: 'identify',
  weight: 1,
  parse: raw => PersonChunk.parse(raw),
  plan: planPeople,
  run: async (chunk, context) => {
    const erasure = await erasureOf(chunk, context)
    if (!erasure) return {}
    const { ports } = context
    const [userId = '', ...known] = erasure.user_ids ?? []
    const sessions = new Set([...known, ...(await sessionsInLake(userId, ports))])
    await ports.documents.upsert(collections.erasures, { ...erasure, user_ids: [userId, ...sessions] })
    return { sessions: sessions.size }
  },
})
