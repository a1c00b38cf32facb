import { mkdirSync } from 'node:fs'
import type { HttpFaults } from '../faults/fault-plan.ts'
import { startFaultProxy } from '../faults/fault-proxy.ts'
import { anyPort, isFree } from '../ports.ts'
import { refuseStorage, storageOperation } from './azurite-faults.ts'
import { type AzuritePorts, azuriteConnectionString, startAzuriteProcess } from './azurite-process.ts'

export interface Azurite {
  pid: number
  connectionString: string
  close(): Promise<void>
  /** Resolves when it ends, for whatever reason. */
  ended: Promise<void>
}

/** A port that is left out is any free one. */
interface AzuriteOptions extends Partial<AzuritePorts> {
  /** In memory where left out. */
  stateDir?: string
  /** Clients then reach it through a proxy that shows these. */
  faults?: HttpFaults | undefined
  readyWithinMs?: number
}

/**
 * Starts Azurite (blobs, queues) as a child process; resolves when both answer a signed request.
 * @throws Error naming a port that is taken; with Azurite's own words when it ends or is not ready in time
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { stateDir, faults, readyWithinMs = 60_000 } = options
  if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true })
  const { blobPort, queuePort, tablePort } = options
  const ports = {
    blobPort: blobPort ?? (await anyPort()),
    queuePort: queuePort ?? (await anyPort()),
    tablePort: tablePort ?? (await anyPort()),
  }
  for (const [service, port] of [
    ['blobs', ports.blobPort],
    ['queues', ports.queuePort],
    ['tables', ports.tablePort],
  ] as const) {
    if (!(await isFree(port))) throw new Error(`Port ${port} is taken, where Azurite is to serve ${service}`)
  }
  if (faults === undefined) return startAzuriteProcess({ ports, stateDir, readyWithinMs })
  const hidden = { blobPort: await anyPort(), queuePort: await anyPort(), tablePort: ports.tablePort }
  const azurite = await startAzuriteProcess({ ports: hidden, stateDir, readyWithinMs })
  try {
    const proxy = (service: 'blob' | 'queue') =>
      startFaultProxy({
        port: ports[`${service}Port`],
        targetPort: hidden[`${service}Port`],
        faults,
        operationOf: request => storageOperation(service, request),
        connection: { service },
        refuse: refuseStorage,
      })
    const proxies = await Promise.all([proxy('blob'), proxy('queue')])
    return {
      ...azurite,
      connectionString: azuriteConnectionString(ports),
      close: async () => {
        await Promise.all(proxies.map(({ close }) => close()))
        await azurite.close()
      },
    }
  } catch (cause) {
    await azurite.close()
    throw cause
  }
}
