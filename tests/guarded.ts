import { z } from 'zod'
import { access } from '../shared/api/access.ts'
import { type Endpoint, endpoint } from '../shared/api/endpoint.ts'
import { type Guard, handler } from '../shared/api/handle.ts'
import type { ApiAnswer } from '../shared/api/request.ts'
import { apiRequest, type Call } from './api-request.ts'

/** An endpoint that answers `{ calls }`: how often it was run. */
export function countingEndpoint(of: Partial<Endpoint> = {}) {
  const count = { calls: 0 }
  const counting = endpoint({
    ...{ name: 'count', method: 'GET', path: '/count', access: access.catalogue, group: 'service', summary: '' },
    output: z.object({ calls: z.int() }),
    run: async () => {
      count.calls += 1
      return { body: { calls: count.calls } }
    },
  })
  return { endpoint: { ...counting, ...of }, count }
}

/** Calls an endpoint behind guards. */
export function guarded(behind: Endpoint, ...guards: Guard[]): (call?: Call) => Promise<ApiAnswer> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const answer = handler(behind, guards, log)
  return call => answer(apiRequest({ method: behind.method, ...call }))
}
