import { app } from '@azure/functions'
import { deliveredBatch } from '../../shared/adapters/azure/event-hub.ts'
import { interactionsHub } from '../../shared/ingest/accept-interactions.ts'
import { CounterWriter } from '../../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../../shared/ingest/profile-writer.ts'
import { activeLists } from '../../shared/serving/active-lists.ts'
import { epoch, popularity, ports, settings, tombstones } from '../app.ts'
import { patientShop } from '../shops.ts'

const profiles = new ProfileWriter({ retentionDays: settings.PROFILE_RETENTION_DAYS })
const counters = new CounterWriter(popularity)
const onProfiles = activeLists({ mode: () => settings.ACTIVE_LISTS }, { ...ports, shop: patientShop })

app.eventHub('ingest_interactions', {
  connection: 'EventHubConnection',
  eventHubName: interactionsHub,
  cardinality: 'many',
  // The checkpoint moves on even after a failure, so the batch is tried until it is stored.
  retry: { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumInterval: 500, maximumInterval: 30_000 },
  handler: async (events, context) => {
    const to = { profiles, counters, onProfiles, tombstones }
    await ingestBatch(deliveredBatch(events, context.triggerMetadata, { epoch }), to, ports)
  },
})
