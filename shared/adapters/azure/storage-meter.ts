import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Telemetry } from '../../ports.ts'

const requestSent = 'http.client.request.start'
type Service = 'blob' | 'queue'

/**
 * Counts every request that goes to a storage account, parts of large blobs and repeated ones too, as that is what is billed. The
 * SDK has no place for it that sees each: Node itself tells of requests. What the Functions host asks of storage is its own.
 */
export class StorageMeter implements Disposable {
  readonly #services = new Map<string, Service>()
  readonly #heard: (message: unknown) => void

  constructor(telemetry: Pick<Telemetry, 'count'>) {
    this.#heard = message => {
      const { request } = message as { request: ClientRequest }
      const service = this.#services.get(String(request.getHeader('host')))
      if (service) telemetry.count('storage_operations_total', { service, kind: kindOf(request) })
    }
    subscribe(requestSent, this.#heard)
  }

  [Symbol.dispose](): void {
    unsubscribe(requestSent, this.#heard)
  }

  /** From now on, requests to where this client goes are counted. Gives the client back. */
  count<Client extends { readonly url: string }>(service: Service, client: Client): Client {
    this.#services.set(new URL(client.url).host, service)
    return client
  }
}

/** As the price list has it: listing costs as much as writing, all else that only looks is read. */
function kindOf({ method, path }: ClientRequest): 'read' | 'write' | 'list' {
  if (method !== 'GET' && method !== 'HEAD') return 'write'
  return /[?&]comp=list(&|$)/.test(path) ? 'list' : 'read'
}
