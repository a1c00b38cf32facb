import type { TypedData } from '../app/core-types.ts'
import { type StorageAccount, storageRequest } from '../storage/storage-account.ts'
import { bytesOf } from './output-values.ts'

interface BlobTarget {
  account: StorageAccount
  container: string
  blob: string
}

const containerPattern = /^(?:\$root|\$web|\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$/

/** Writes the value of an output over a block blob; a missing container is made. */
export async function writeBlob({ account, container, blob }: BlobTarget, data: TypedData): Promise<void> {
  if (!containerPattern.test(container) || container.length > 63) {
    throw new Error(
      `The container of a blob path must be 3 to 63 lower-case letters, digits and single dashes between them: current value is "${container}"`,
    )
  }
  if (blob.length > 1024 || /[\\\p{Cc}]/u.test(blob) || /(^|\/)\.{0,2}$/.test(blob)) {
    throw new Error(
      `The name of a blob must have up to 1,024 characters, no backslash and no dot or slash at its end: current value is "${blob}"`,
    )
  }
  const path = `${container}/${blob.split('/').map(encodeURIComponent).join('/')}`
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' }
  const put = () => storageRequest(account, { service: 'blob', method: 'PUT', path, headers, body: bytesOf(data) })
  let answer = await put()
  if (answer.status === 404) {
    const query = { restype: 'container' }
    const made = await storageRequest(account, { service: 'blob', method: 'PUT', path: container, query })
    // 409: someone else made it in the meantime.
    if (made.status !== 201 && made.status !== 409) throw new Error(`Container "${container}" answered ${made.status}`)
    answer = await put()
  }
  if (answer.status !== 201) throw new Error(`Blob "${container}/${blob}" answered ${answer.status}`)
}
