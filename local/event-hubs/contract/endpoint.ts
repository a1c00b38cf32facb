import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEventHubConnectionString } from '@azure/event-hubs'
import { afterAll } from 'vitest'
import { startEventHubs } from '../broker.ts'
import type { TierName } from '../tier.ts'

/** What the checks run against, and all they know of it. */
export interface Endpoint {
  connectionString: string
  hub: string
  /** Connection strings of policies with one right only; undefined where there are none. */
  sendOnly: string | undefined
  listenOnly: string | undefined
}

const { SIDECART_CONTRACT_EVENT_HUBS: namespace, SIDECART_CONTRACT_EVENT_HUB: hub } = process.env
const { SIDECART_CONTRACT_EVENT_HUBS_SEND: sendOnly, SIDECART_CONTRACT_EVENT_HUBS_LISTEN: listenOnly } = process.env

/**
 * The namespace that SIDECART_CONTRACT_EVENT_HUBS names, with the hub SIDECART_CONTRACT_EVENT_HUB in it; without them a
 * broker that is gone when the file's checks are done.
 */
export async function openEndpoint({ tier }: { tier?: TierName } = {}): Promise<Endpoint> {
  if (namespace === undefined) return ownBroker(tier)
  if (hub === undefined) throw new Error('SIDECART_CONTRACT_EVENT_HUB must name the hub that the checks may use')
  return { connectionString: namespace, hub, sendOnly, listenOnly }
}

async function ownBroker(tier: TierName | undefined): Promise<Endpoint> {
  const stateDir = await mkdtemp(join(tmpdir(), 'event-hubs-contract-'))
  const broker = await startEventHubs({
    port: 0,
    stateDir,
    hubs: [{ name: 'contract', partitions: 3, consumerGroups: ['$Default'] }],
    policies: [
      { name: 'sender', key: 'the key of the sender', rights: ['Send'] },
      { name: 'listener', key: 'the key of the listener', rights: ['Listen'] },
    ],
    ...(tier === undefined ? {} : { tier }),
  })
  afterAll(async () => {
    await broker.close()
    await rm(stateDir, { recursive: true })
  })
  const { connectionString } = broker
  const as = (name: string) =>
    connectionString.replace(/(KeyName=)[^;]*(;SharedAccessKey=)[^;]*/, `$1${name}$2the key of the ${name}`)
  return { connectionString, hub: 'contract', sendOnly: as('sender'), listenOnly: as('listener') }
}

/** What a shared access signature is made of. */
export function credentialsOf({ connectionString, hub: name }: Endpoint) {
  const { endpoint, sharedAccessKeyName = '', sharedAccessKey = '' } = parseEventHubConnectionString(connectionString)
  const local = connectionString.includes('UseDevelopmentEmulator=true')
  return { endpoint: endpoint.replace(/\/$/, ''), hub: name, keyName: sharedAccessKeyName, key: sharedAccessKey, local }
}
