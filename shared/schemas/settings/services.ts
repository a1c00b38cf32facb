import { z } from 'zod'
import { required } from './setting.ts'

/** Where Azure's services are, and what opens them. */
export const ServiceSettings = z.object({
  AzureWebJobsStorage: required('a storage connection string: `UseDevelopmentStorage=true` or the account’s own'),
  EventHubConnection: required('the Event Hubs namespace’s connection string'),
  COSMOS_ENDPOINT: required('the Cosmos DB account’s URI, like https://NAME.documents.azure.com'),
  COSMOS_KEY: required('the Cosmos DB account’s key'),
  COSMOS_DATABASE: z.string().min(1).default('sidecart'),
})
