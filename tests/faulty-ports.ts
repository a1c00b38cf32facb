import type { Documents, Ports } from '../shared/ports.ts'

/** What a port throws when the worker is struck. */
export class WorkerStruck extends Error {
  override readonly name = 'WorkerStruck'
}

export interface Fault {
  /** The operation that is struck, counted from 1 over documents, blobs, queue and event log. */
  at: number
  /** Whether its effect is lost, or only its answer. */
  loses: 'effect' | 'answer'
  /** A dead worker does nothing any more; one that met a hiccup goes on. */
  worker: 'dead' | 'alive'
}

/** Ports that fail at one operation, as when the process is killed there or the network drops. */
export function faultyPorts(ports: Ports, fault: Fault): { ports: Ports; operations: () => number } {
  let operations = 0
  const strike = (): never => {
    throw new WorkerStruck(`struck at operation ${fault.at}`)
  }
  const around: Around = async operation => {
    operations += 1
    if (operations > fault.at && fault.worker === 'dead') strike()
    if (operations !== fault.at) return operation()
    if (fault.loses === 'answer') await operation()
    return strike()
  }
  return { ports: interceptedPorts(ports, around), operations: () => operations }
}

/** Goes around each operation of a port: may wait before it, count it, or throw in its place. */
export type Around = <T>(operation: () => Promise<T>, name: string) => Promise<T>

/** Ports whose operations all go through `around`, named like `documents.create items`. */
export function interceptedPorts(ports: Ports, around: Around): Ports {
  const { blobs, queue, eventLog } = ports
  return {
    ...ports,
    documents: interceptedDocuments(ports.documents, around),
    blobs: {
      read: path => around(() => blobs.read(path), 'blobs.read'),
      readRange: (path, offset, length) => around(() => blobs.readRange(path, offset, length), 'blobs.readRange'),
      write: (path, bytes) => around(() => blobs.write(path, bytes), 'blobs.write'),
      create: (path, bytes) => around(() => blobs.create(path, bytes), 'blobs.create'),
      append: (path, text) => around(() => blobs.append(path, text), 'blobs.append'),
      remove: path => around(() => blobs.remove(path), 'blobs.remove'),
      localFile: (path, etag) => around(() => blobs.localFile(path, etag), 'blobs.localFile'),
      storeFile: (path, file) => around(() => blobs.storeFile(path, file), 'blobs.storeFile'),
      list: prefix => iterated(blobs.list(prefix), { around, name: 'blobs.list' }),
    },
    queue: { send: (to, message) => around(() => queue.send(to, message), 'queue.send') },
    eventLog: { append: (hub, records) => around(() => eventLog.append(hub, records), 'eventLog.append') },
  }
}

function interceptedDocuments(documents: Documents, around: Around): Documents {
  const name = (method: string, { container }: { container: string }) => `documents.${method} ${container}`
  return {
    get requestUnits() {
      return documents.requestUnits
    },
    metered: () => interceptedDocuments(documents.metered(), around),
    read: (of, key) => around(() => documents.read(of, key), name('read', of)),
    create: (of, document) => around(() => documents.create(of, document), name('create', of)),
    upsert: (of, document) => around(() => documents.upsert(of, document), name('upsert', of)),
    replace: (of, document, etag) => around(() => documents.replace(of, document, etag), name('replace', of)),
    remove: (of, key, etag) => around(() => documents.remove(of, key, etag), name('remove', of)),
    readAll: (of, keys) => around(() => documents.readAll(of, keys), name('readAll', of)),
    writeAll: (of, writes) => around(() => documents.writeAll(of, writes), name('writeAll', of)),
    query: (of, conditions) => iterated(documents.query(of, conditions), { around, name: name('query', of) }),
    changes: (of, since) => iterated(documents.changes(of, since), { around, name: name('changes', of) }),
  }
}

async function* iterated<T>(all: AsyncIterable<T>, of: { around: Around; name: string }): AsyncIterable<T> {
  await of.around(async () => undefined, of.name)
  yield* all
}
