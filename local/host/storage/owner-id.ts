import { createHash } from 'node:crypto'

interface Owner {
  /** Names the run of the host, and no other. */
  hostRun: string
  functionName: string
  instance: number
}

/**
 * The GUID under which an instance of a function owns things in storage: the same in every life of its worker process, so
 * that one that was killed has them back at once, and another one for every instance and every running host.
 */
export function ownerId({ hostRun, functionName, instance }: Owner): string {
  const hex = createHash('sha256').update([hostRun, functionName, instance].join('/')).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
