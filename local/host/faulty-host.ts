import type { HttpFaults } from '../faults/fault-plan.ts'
import { startFaultProxy } from '../faults/fault-proxy.ts'
import { type HostOptions, type RunningHost, startHost } from './host.ts'

/**
 * A host whose clients reach its HTTP functions through a proxy that shows faults: what is cut off before never invokes a
 * function, what is cut off after has.
 */
export async function startFaultyHost(options: HostOptions, faults: HttpFaults): Promise<RunningHost> {
  const host = await startHost({ ...options, port: 0 })
  try {
    const proxy = await startFaultProxy({
      port: options.port,
      targetPort: host.port,
      faults,
      operationOf: ({ method, url = '/' }) => ({ method, path: url.split('?', 1)[0] }),
      refuse: (response, { status, retryAfterMs }) => {
        if (retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(retryAfterMs / 1000))
        response.writeHead(status, { 'content-length': 0 }).end()
      },
    })
    return {
      ...host,
      url: host.url.replace(/:\d+$/, `:${proxy.port}`),
      port: proxy.port,
      drain: async () => {
        // What runs is answered before the way back is closed.
        await host.drain()
        await proxy.close()
      },
    }
  } catch (cause) {
    await host.drain()
    throw cause
  }
}
