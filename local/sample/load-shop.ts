import { BlobServiceClient } from '@azure/storage-blob'
import type { Api } from '../api-client.ts'
import { browsingEvents } from './browsing.ts'
import { csvText } from './csv-text.ts'
import type { BatchOutcome } from './post-batch.ts'
import { type PostProgress, postEvents } from './post-events.ts'
import { readShop, type Shop } from './read-shop.ts'
import { shiftDates } from './shift-dates.ts'

export type LoadProgress = { step: 'file'; blob: string; rows: number } | ({ step: 'events' } & PostProgress)

export type LoadSummary = {
  files: { blob: string; rows: number }[]
  /** Rows in the files that this reader cannot use; they are sent as they are, for the app to judge. */
  faults: Shop['faults']
  events: BatchOutcome
  /** Who ordered last: somebody to ask recommendations for. */
  latestCustomer: string | undefined
}

/**
 * Brings a shop into a running app the way a shop would: its files, dates moved up to `now`, into the blob container
 * `landing`, and generated browsing around its orders through the HTTP API. Loading again replaces the files and
 * repeats the event ids; from a later week, orders and events come with later times under the same ids.
 */
export async function loadShop({
  api,
  blobConnectionString,
  dataDir,
  now,
  onProgress,
}: {
  api: Api
  blobConnectionString: string
  dataDir?: string
  now: Date
  onProgress?: (progress: LoadProgress) => void
}): Promise<LoadSummary> {
  const shop = shiftDates(await readShop(dataDir), now)
  const files = await uploadTables(shop, { blobConnectionString, onProgress })
  const events = await postEvents(api, browsingEvents(shop.orders, shop.products), {
    onProgress: progress => onProgress?.({ step: 'events', ...progress }),
  })
  return { files, faults: shop.faults, events, latestCustomer: shop.orders.at(-1)?.customerId }
}

async function uploadTables(
  shop: Shop,
  {
    blobConnectionString,
    onProgress,
  }: { blobConnectionString: string; onProgress: ((progress: LoadProgress) => void) | undefined },
): Promise<LoadSummary['files']> {
  const landing = BlobServiceClient.fromConnectionString(blobConnectionString).getContainerClient('landing')
  await landing.createIfNotExists()
  const files: LoadSummary['files'] = []
  // Products and customers first: whoever reads the orders as they land finds what they speak of.
  for (const kind of ['products', 'customers', 'orders'] as const) {
    const { file, header, rows } = shop.tables[kind]
    const blob = `${kind}/${file}`
    await landing.getBlockBlobClient(blob).uploadData(Buffer.from(csvText(header, rows)), {
      blobHTTPHeaders: { blobContentType: 'text/csv; charset=utf-8' },
    })
    files.push({ blob, rows: rows.length })
    onProgress?.({ step: 'file', blob, rows: rows.length })
  }
  return files
}
