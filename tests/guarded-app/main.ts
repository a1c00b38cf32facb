import { z } from 'zod'
import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { memoryBlobs } from '../../shared/adapters/memory/blobs.ts'
import { memoryDocuments } from '../../shared/adapters/memory/documents.ts'
import { memoryTelemetry } from '../../shared/adapters/memory/telemetry.ts'
import { access } from '../../shared/api/access.ts'
import { endpoint } from '../../shared/api/endpoint.ts'
import { guardsInOrder } from '../../shared/api/guards/in-order.ts'
import type { Guard } from '../../shared/api/handle.ts'
import { listAudit } from '../../shared/api/routes/audit.ts'
import { Role } from '../../shared/schemas/identity.ts'
import { GuardSettings } from '../../shared/schemas/settings/guards.ts'

// An app of four routes behind all guards, for tests of what they do on the real host. Who asks is who says so.

const log = { info: () => undefined, warn: () => undefined, error: console.error }
const { telemetry } = memoryTelemetry()
const ports = { blobs: memoryBlobs(), documents: memoryDocuments(Date.now), clock: Date.now, log, telemetry }
const settings = GuardSettings.parse(process.env)
const named: Guard = (_, next) => async request => {
  const role = Role.safeParse(request.headers.get('x-role'))
  if (!role.success) return next(request)
  return next({ ...request, caller: { kind: 'service', id: role.data, name: role.data, roles: new Set([role.data]) } })
}
const guards = guardsInOrder({ settings, ports, secret: 'a secret of sixteen', identify: named })
const of = { group: 'service', summary: '' } as const
let orders = 0

const endpoints = [
  endpoint({
    ...{ ...of, name: 'tea', method: 'GET', path: '/tea', access: access.catalogue, headers: ['etag'] },
    input: { query: z.object({ limit: z.string().optional() }) },
    output: z.object({ name: z.string() }),
    run: async () => ({ body: { name: 'Tea' } }),
  }),
  endpoint({
    ...{ ...of, name: 'order', method: 'POST', path: '/order', access: access.write, status: 201 },
    input: { body: z.unknown(), bodyLimitBytes: 1024 * 1024 },
    output: z.object({ number: z.int() }),
    run: async () => {
      orders += 1
      return { body: { number: orders } }
    },
  }),
  endpoint({
    ...{ ...of, name: 'close', method: 'PUT', path: '/shop/{state}', access: access.administer },
    input: { path: z.object({ state: z.string() }) },
    output: z.object({}),
    run: async () => ({ body: {} }),
  }),
  /** What the process holds once all that is garbage is gone, in bytes. */
  endpoint({
    ...{ ...of, name: 'memory', method: 'GET', path: '/memory', access: access.anyone },
    output: z.object({ bytes: z.number() }),
    run: async () => {
      globalThis.gc?.()
      const { heapUsed, external, arrayBuffers } = process.memoryUsage()
      return { body: { bytes: heapUsed + external + arrayBuffers } }
    },
  }),
  listAudit({ ports }),
]
for (const each of endpoints) bindHttp(each, { guards, log, proxies: settings.TRUSTED_PROXIES })
