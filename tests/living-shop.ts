import { catalogChangesHub } from '../shared/ingest/catalog-changes/catalog-changes-hub.ts'
import { ingestChanges } from '../shared/ingest/catalog-changes/ingest-changes.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'
import { deliveredFrom } from './events.ts'

/** The API over a shop where the hub's changes can be let through: `settle` takes in what was sent, and time passes. */
export async function livingShop() {
  const of = await answeringShop()
  const { call } = apiOver(of)
  const { ports } = of
  const now = () => new Date(ports.clock()).toISOString()
  let taken = 0
  const settle = async () => {
    const sent = ports.appended.filter(({ hub }) => hub === catalogChangesHub).map(({ body }) => body)
    const events = deliveredFrom(taken, sent.slice(taken)).map(event => ({ ...event, enqueuedAt: now() }))
    await ingestChanges({ partition: '0', events }, { pseudonymKey: 'key' }, ports)
    taken = sent.length
    ports.advance(1100)
  }
  return { ...of, call, settle, now }
}
