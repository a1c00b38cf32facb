import { basename, dirname, resolve } from 'node:path'
import { azureBlobs } from '../../shared/adapters/azure/blobs.ts'
import { identities } from '../../shared/adapters/azure/identities.ts'
import { directoryBlobs } from '../../shared/adapters/files/blobs.ts'
import type { Place } from '../../shared/backup/place.ts'
import { UsageError } from '../evaluate/usage-error.ts'

/**
 * Where a backup is: a folder, or `https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME`, which whoever is signed in opens.
 * @throws UsageError naming the option
 */
export function placeOf(option: string, text: string | undefined): Place {
  if (!text) throw new UsageError(`${option} must be a folder, or the address of one in a container: none was given`)
  if (!text.startsWith('https://')) {
    const folder = resolve(text)
    return { blobs: directoryBlobs(dirname(folder)), prefix: basename(folder) }
  }
  const { origin, pathname } = new URL(text)
  const prefix = pathname.replace(/^\/|\/$/g, '')
  if (prefix.includes('/')) {
    return { blobs: azureBlobs({ address: origin, identity: identities()({}) }), prefix }
  }
  throw new UsageError(`${option} must name a container and a folder in it: current value is ${text}`)
}
