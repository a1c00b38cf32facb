import type { StoreSettings } from '../../schemas/settings.ts'
import { type Identity, identities } from './identities.ts'

/** A service, and what opens it: all in a connection string, or its address and an identity. */
export type Connection = string | { address: string; identity: Identity }

/** Where the settings say that services are, and what opens them. Nothing is connected by this. */
export function connections(settings: StoreSettings): {
  blobs: Connection
  queues: Connection
  eventHubs: Connection
  /** Opens Cosmos where no key does. */
  documents: Identity
} {
  const identity = identities()
  const { AzureWebJobsStorage__accountName: hostAccount, LAKE_ACCOUNT: lakeAccount = hostAccount } = settings
  const storage = (service: 'blob' | 'queue', account: string | undefined): Connection =>
    settings.AzureWebJobsStorage || {
      address: `https://${account}.${service}.core.windows.net`,
      identity: identity({
        credential: settings.AzureWebJobsStorage__credential,
        clientId: settings.AzureWebJobsStorage__clientId,
      }),
    }
  return {
    blobs: storage('blob', lakeAccount),
    queues: storage('queue', hostAccount),
    eventHubs: settings.EventHubConnection || {
      address: settings.EventHubConnection__fullyQualifiedNamespace ?? '',
      identity: identity({
        credential: settings.EventHubConnection__credential,
        clientId: settings.EventHubConnection__clientId,
      }),
    },
    documents: identity({ clientId: settings.AZURE_CLIENT_ID }),
  }
}
