import { type StorageAccount, type StorageResponse, storageRequest } from './storage-account.ts'

/** A lock that one process at a time holds, for a while. */
export interface Lease {
  /** False while someone else holds it. */
  acquire(): Promise<boolean>
  /** False when it is someone else's by now. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

interface BlobLeaseOptions {
  account: StorageAccount
  /** Container and name of the blob, which is made on the way. */
  path: string
  /** A GUID. Who asks again under the same one has the lease back before it has run out. */
  leaseId: string
  /** 15 to 60. */
  seconds: number
}

/** The lease on a blob as a lock. Source: Blob service REST API, "Lease Blob". */
export function blobLease({ account, path, leaseId, seconds }: BlobLeaseOptions): Lease {
  const put = (query: Record<string, string>, headers: Record<string, string>, to = path) =>
    storageRequest(account, { service: 'blob', method: 'PUT', path: to, query, headers })
  const lease = (headers: Record<string, string>) => put({ comp: 'lease' }, headers)
  const ask = () =>
    lease({
      'x-ms-lease-action': 'acquire',
      'x-ms-lease-duration': String(seconds),
      'x-ms-proposed-lease-id': leaseId,
    })
  const fail = ({ status }: StorageResponse) => new Error(`Lease on blob "${path}" answered ${status}`)
  const createBlob = () => put({}, { 'x-ms-blob-type': 'BlockBlob' })

  /** Someone else may make it, and lease it, at the same moment. */
  async function create(): Promise<void> {
    let answer = await createBlob()
    if (answer.status === 404) {
      await put({ restype: 'container' }, {}, path.slice(0, path.indexOf('/')))
      answer = await createBlob()
    }
    if (![201, 409, 412].includes(answer.status)) throw fail(answer)
  }

  return {
    acquire: async () => {
      let answer = await ask()
      if (answer.status === 404) {
        await create()
        answer = await ask()
      }
      if (answer.status === 201) return true
      if (answer.status === 409) return false
      throw fail(answer)
    },
    renew: async () => {
      const answer = await lease({ 'x-ms-lease-action': 'renew', 'x-ms-lease-id': leaseId })
      if (answer.status === 200) return true
      if (answer.status === 409 || answer.status === 404) return false
      throw fail(answer)
    },
    release: async () => {
      const answer = await lease({ 'x-ms-lease-action': 'release', 'x-ms-lease-id': leaseId })
      if (![200, 404, 409].includes(answer.status)) throw fail(answer)
    },
  }
}
