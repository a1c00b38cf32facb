import { badRequest, CosmosError } from '../errors.ts'
import type { Call } from '../http.ts'
import type { Partition } from './partition.ts'

const TOKEN = /^(?<id>[^:,]+):(?:-?\d+#)?(?<lsn>\d+)(?:#.*)?$/

/**
 * Refuses to read from a partition what a session token promises but the partition has not seen. What a token says of
 * other partitions, or of one that is not there, counts for nothing.
 * @throws CosmosError 404 with substatus 1002 for a token of the future, 400 for one that is none
 */
export function checkSession(call: Call, partition: Partition): void {
  const header = call.header('x-ms-session-token')
  if (header === undefined || header === '') return
  for (const token of header.split(',')) {
    const parts = TOKEN.exec(token.trim())?.groups
    if (!parts) throw badRequest(`The session token provided '${header}' is invalid.`)
    if (parts.id === partition.id && Number(parts.lsn) > partition.lsn) {
      throw new CosmosError(404, 'The read session is not available for the input session token.', 1002)
    }
  }
}
