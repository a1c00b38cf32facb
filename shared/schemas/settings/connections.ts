import { z } from 'zod'

/** A connection may be opened by a key within a connection string or, as Azure Functions has it, by an identity. */
const credential = z
  .literal('managedidentity', {
    error: 'must be managedidentity, or absent where whoever is signed in on this machine opens it',
  })
  .optional()
export const clientId = z.guid({ error: 'must be the client id of a managed identity, a GUID' }).optional()
const accountName = z
  .string()
  .regex(/^[a-z0-9]{3,24}$/, { error: 'must be a storage account’s name: 3 to 24 digits and small letters' })
  .optional()

/**
 * Where storage and the event hubs are, and what opens them; the Functions host reads the same settings for its triggers.
 * Source: learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
 */
export const ConnectionSettings = z.object({
  AzureWebJobsStorage: z.string().optional().meta({ secret: true }),
  AzureWebJobsStorage__accountName: accountName,
  AzureWebJobsStorage__credential: credential,
  AzureWebJobsStorage__clientId: clientId,
  /** Of the app's blobs, where they have an account of their own: the same identity opens it. */
  LAKE_ACCOUNT: accountName,
  EventHubConnection: z.string().optional().meta({ secret: true }),
  EventHubConnection__fullyQualifiedNamespace: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,48}[a-z0-9](\.[a-z0-9-]+){2,}$/i, {
      error: 'must be the namespace’s host, like NAME.servicebus.windows.net',
    })
    .optional(),
  EventHubConnection__credential: credential,
  EventHubConnection__clientId: clientId,
})
export type ConnectionSettings = z.infer<typeof ConnectionSettings>

const connections = [
  {
    name: 'AzureWebJobsStorage',
    place: 'AzureWebJobsStorage__accountName',
    how: 'a storage connection string: `UseDevelopmentStorage=true` or the account’s own; or AzureWebJobsStorage__accountName, for an identity to open it',
  },
  {
    name: 'EventHubConnection',
    place: 'EventHubConnection__fullyQualifiedNamespace',
    how: 'the Event Hubs namespace’s connection string; or EventHubConnection__fullyQualifiedNamespace, for an identity to open it',
  },
] as const

/** Refuses a connection that nothing opens, and one that both a connection string and an identity open. */
export function oneWayEach(
  settings: Partial<ConnectionSettings>,
  { addIssue }: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  for (const { name, place, how } of connections) {
    const { [name]: text = '', [place]: at } = settings
    if (text === '' && at === undefined) addIssue({ code: 'custom', path: [name], message: how })
    if (text === '' || at === undefined) continue
    const message = `must not be set beside ${name}: give one of the two, so that what opens the service is plain`
    addIssue({ code: 'custom', path: [place], message })
  }
  if (settings.LAKE_ACCOUNT !== undefined && settings.AzureWebJobsStorage) {
    const message =
      'must not be set beside AzureWebJobsStorage: an identity opens it, that of AzureWebJobsStorage__accountName'
    addIssue({ code: 'custom', path: ['LAKE_ACCOUNT'], message })
  }
}
