import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

/**
 * The GUID under which an instance of a function owns things in storage: the same in every life of its worker process, so
 * that one that was killed has them back at once, and another one for every instance and every running host.
 */
export function ownerId({
  hostId,
  functionName,
  instance,
}: {
  hostId: string
  functionName: string
  instance: number
}): string {
  // The parent of a worker is its host's supervisor.
  const names = [hostname(), process.ppid, hostId, functionName, instance].join('/')
  const hex = createHash('sha256').update(names).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
