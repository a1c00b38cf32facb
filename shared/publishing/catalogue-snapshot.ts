import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import type { Blobs } from '../ports.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { Item } from '../schemas/catalogue.ts'
import { catalogueItems } from '../training/catalogue-items.ts'

const path = 'models/catalogue/items.ndjson.gz'
const Head = z.object({ version: z.literal(1), at: z.int() })

export interface CatalogueSnapshot {
  /** Changes from this second since 1970 on may be missing. */
  at: number
  items: Map<string, Item>
}

/** Documents `items` -> one file, which a new instance reads in the place of every document. */
export const catalogueSnapshotStage: Stage = stage({
  name: 'catalogue-snapshot',
  weight: 1,
  parse: () => ({}),
  plan: async () => [{}],
  run: async (_, { createdAt, ports }) => {
    // The run's own time, so that a chunk that is run again leaves the same bytes.
    const head = { version: 1, at: Math.floor(Date.parse(createdAt) / 1000) }
    const items = await catalogueItems(ports.documents)
    const lines = [head, ...items.values()].map(line => `${JSON.stringify(line)}\n`)
    const bytes = await promisify(gzip)(Buffer.from(lines.join('')))
    await ports.blobs.write(path, bytes)
    return { items: items.size, bytes: bytes.length }
  },
})

/** The catalogue as of the last refresh; undefined before the first. @throws Error when the file is not what was written */
export async function readCatalogueSnapshot(blobs: Pick<Blobs, 'read'>): Promise<CatalogueSnapshot | undefined> {
  const packed = await blobs.read(path)
  if (!packed) return undefined
  const [head = '', ...lines] = (await promisify(gunzip)(packed)).toString().trimEnd().split('\n')
  const items = lines.map(line => Item.parse(JSON.parse(line)))
  return { at: Head.parse(JSON.parse(head)).at, items: new Map(items.map(item => [item.id, item])) }
}
