import { app } from '@azure/functions'
import { deliveredBatch } from '../../shared/adapters/azure/event-hub.ts'
import { catalogChangesHub } from '../../shared/ingest/catalog-changes/catalog-changes-hub.ts'
import { ingestChanges } from '../../shared/ingest/catalog-changes/ingest-changes.ts'
import { epoch, ports, settings, tombstones } from '../app.ts'

app.eventHub('ingest_catalog_changes', {
  connection: 'EventHubConnection',
  eventHubName: catalogChangesHub,
  cardinality: 'many',
  // The checkpoint moves on even after a failure, so the batch is tried until it is stored.
  retry: { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumInterval: 500, maximumInterval: 30_000 },
  handler: async (events, context) => {
    const by = { pseudonymKey: settings.PSEUDONYM_KEY, tombstones }
    await ingestChanges(deliveredBatch(events, context.triggerMetadata, { epoch }), by, ports)
  },
})
