import { BlobServiceClient } from '@azure/storage-blob'
import { z } from 'zod'

const BronzeLine = z.object({ event: z.object({ event_id: z.string(), session_id: z.string().optional() }) })

/** How often each event of sessions whose name begins with `prefix` stands in bronze, by event id. */
export async function bronzeEvents(connectionString: string, prefix: string): Promise<Map<string, number>> {
  const bronze = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('bronze')
  const times = new Map<string, number>()
  for await (const { name } of bronze.listBlobsFlat({ prefix: '_segments/interactions/' })) {
    const text = (await bronze.getBlobClient(name).downloadToBuffer()).toString()
    for (const line of text.split('\n')) {
      if (line === '') continue
      const { event } = BronzeLine.parse(JSON.parse(line))
      if (event.session_id?.startsWith(prefix)) times.set(event.event_id, (times.get(event.event_id) ?? 0) + 1)
    }
  }
  return times
}
