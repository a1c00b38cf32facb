import { z } from 'zod'
import { ConnectionSettings, clientId } from './connections.ts'
import { required } from './setting.ts'

export const cosmosKeyIsNeeded =
  'the Cosmos DB account’s key; only over https can the app’s managed identity do without'

/** Where Azure's services are, and what opens them. */
export const ServiceSettings = z.object({
  ...ConnectionSettings.shape,
  COSMOS_ENDPOINT: required('the Cosmos DB account’s URI, like https://NAME.documents.azure.com'),
  /** Without it the app's managed identity opens the account, over https alone. */
  COSMOS_KEY: z.string().min(1, { error: cosmosKeyIsNeeded }).optional().meta({ secret: true, vault: 'rotates' }),
  COSMOS_DATABASE: z.string().min(1).default('sidecart'),
  /** Another one whenever the hubs are made anew: their sequence numbers begin again, and were else taken for repeats. */
  EVENT_HUB_EPOCH: z
    .string()
    .regex(/^[a-z0-9]{0,8}$/, { error: 'must be at most 8 small letters and digits' })
    .default(''),
  /** Of the identity that opens Cosmos DB and Key Vault; without it the one that Azure gave the app itself. */
  AZURE_CLIENT_ID: clientId,
  /** Where secrets are that the environment does not have: each under its name, with hyphens for underscores. */
  KEY_VAULT_URI: z
    .url({ protocol: /^https$/, error: 'must be an https address like https://NAME.vault.azure.net' })
    .optional(),
})

type Given = Partial<z.infer<typeof ServiceSettings>>

/** Whether anything opens the Cosmos account: its key, or the app's identity. */
export function isCosmosOpen({ COSMOS_KEY: key, COSMOS_ENDPOINT: endpoint }: Given): boolean {
  return key !== undefined || endpoint?.startsWith('https://') === true
}
