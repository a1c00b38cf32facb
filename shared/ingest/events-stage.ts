import { z } from 'zod'
import { bronzeCatalogChanges, bronzeInteractions } from '../lake/tables/bronze-tables.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { interactionsHub } from './accept-interactions.ts'
import { catalogChangesHub } from './catalog-changes/catalog-changes-hub.ts'
import type { FoldedHub } from './segments/fold-query.ts'
import { foldSegments } from './segments/fold-segments.ts'
import { segmentsOf } from './segments/segment.ts'

const hubs: readonly FoldedHub[] = [
  { hub: interactionsHub, table: bronzeInteractions, column: 'event' },
  { hub: catalogChangesHub, table: bronzeCatalogChanges, column: 'change' },
]
const HubChunk = z.object({ hub: z.enum(hubs.map(({ hub }) => hub)) })
type HubChunk = z.infer<typeof HubChunk>

/** What the hubs delivered since the last run -> bronze.interactions and bronze.catalog_changes: one chunk a hub. */
export const eventsStage: Stage = stage({
  name: 'events',
  weight: 1,
  parse: raw => HubChunk.parse(raw),
  plan: async ({ ports: { blobs } }) => {
    const chunks: HubChunk[] = []
    for (const { hub } of hubs) {
      for await (const _ of segmentsOf(hub, blobs)) {
        chunks.push({ hub })
        break
      }
    }
    return chunks
  },
  run: async ({ hub }, { runId, ports, progress }) => {
    const folded = hubs.find(each => each.hub === hub)
    if (!folded) throw new RangeError(`Cannot fold a hub as it must be a known one: current value is ${hub}`)
    const { segments, commits, rows } = await foldSegments(folded, ports, { runId, progress })
    return { segments, commits, events: rows }
  },
})
