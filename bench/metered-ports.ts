import type { Blobs, Documents, Ports } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import type { TimeMeter, Wait } from './time-meter.ts'

/** What the services would charge for. */
type Charged = Record<'request_units' | BlobCount, number>
type BlobCount = 'blob_reads' | 'blob_writes' | 'blob_mb_read' | 'blob_mb_written'

/** The ledger's container: what is read and written there is coordination. */
const ledger = collections.runs.container

/** Ports that tell the meter what they wait for, and what is charged up to now. */
export function meteredPorts(ports: Ports, meter: TimeMeter): { ports: Ports; charged: () => Charged } {
  const made: Documents[] = []
  const blobs: Record<BlobCount, number> = { blob_reads: 0, blob_writes: 0, blob_mb_read: 0, blob_mb_written: 0 }
  return {
    ports: {
      ...ports,
      documents: meteredDocuments(ports.documents, { meter, made }),
      blobs: meteredBlobs(ports.blobs, { meter, counts: blobs }),
      queue: { send: (queue, message) => meter.during('coordination', () => ports.queue.send(queue, message)) },
    },
    charged: () => ({ ...blobs, request_units: made.reduce((sum, { requestUnits }) => sum + requestUnits, 0) }),
  }
}

function meteredDocuments(documents: Documents, of: { meter: TimeMeter; made: Documents[] }): Documents {
  const { meter } = of
  of.made.push(documents)
  const waitFor = ({ container }: { container: string }): Wait => (container === ledger ? 'coordination' : 'cosmos')
  return {
    get requestUnits() {
      return documents.requestUnits
    },
    metered: () => meteredDocuments(documents.metered(), of),
    read: (collection, key) => meter.during(waitFor(collection), () => documents.read(collection, key)),
    create: (collection, document) => meter.during(waitFor(collection), () => documents.create(collection, document)),
    upsert: (collection, document) => meter.during(waitFor(collection), () => documents.upsert(collection, document)),
    replace: (collection, document, etag) =>
      meter.during(waitFor(collection), () => documents.replace(collection, document, etag)),
    remove: (collection, key, etag) => meter.during(waitFor(collection), () => documents.remove(collection, key, etag)),
    readAll: (collection, keys) => meter.during(waitFor(collection), () => documents.readAll(collection, keys)),
    writeAll: (collection, writes) => meter.during(waitFor(collection), () => documents.writeAll(collection, writes)),
    query: (collection, conditions) =>
      eachDuring(documents.query(collection, conditions), { meter, wait: waitFor(collection) }),
    changes: (collection, since) =>
      eachDuring(documents.changes(collection, since), { meter, wait: waitFor(collection) }),
  }
}

function meteredBlobs(blobs: Blobs, { meter, counts }: { meter: TimeMeter; counts: Record<BlobCount, number> }): Blobs {
  const reading = async (read: () => Promise<Uint8Array | undefined>) => {
    const bytes = await meter.during('reading_blobs', read)
    counts.blob_reads += 1
    counts.blob_mb_read += (bytes?.length ?? 0) / 2 ** 20
    return bytes
  }
  const writing = <T>(bytes: number, write: () => Promise<T>) => {
    counts.blob_writes += 1
    counts.blob_mb_written += bytes / 2 ** 20
    return meter.during('writing_blobs', write)
  }
  return {
    read: path => reading(() => blobs.read(path)),
    readRange: (path, offset, length) => reading(() => blobs.readRange(path, offset, length)),
    write: (path, bytes) => writing(bytes.length, () => blobs.write(path, bytes)),
    create: (path, bytes) => writing(bytes.length, () => blobs.create(path, bytes)),
    append: (path, text) => writing(text.length, () => blobs.append(path, text)),
    remove: path => meter.during('writing_blobs', () => blobs.remove(path)),
    localFile: (path, etag) => meter.during('reading_blobs', () => blobs.localFile(path, etag)),
    storeFile: (path, file) => meter.during('writing_blobs', () => blobs.storeFile(path, file)),
    list: prefix => eachDuring(blobs.list(prefix), { meter, wait: 'reading_blobs' }),
  }
}

async function* eachDuring<T>(
  items: AsyncIterable<T>,
  { meter, wait }: { meter: TimeMeter; wait: Wait },
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  for (;;) {
    const next = await meter.during(wait, () => iterator.next())
    if (next.done) return
    yield next.value
  }
}
