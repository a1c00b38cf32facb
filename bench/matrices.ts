import { readShop } from '../local/sample/read-shop.ts'
import { eventTypes } from '../shared/schemas/interaction.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { buildDataset, type Dataset } from '../shared/training/build-dataset.ts'
import { gatherEvents } from '../shared/training/gather-events.ts'
import { type TrainingOptions, trainingOptions } from '../shared/training/options.ts'
import { writtenFeedback } from '../tests/written-feedback.ts'

/** What a shop without settings of its own trains with. */
export const shopOptions: TrainingOptions = trainingOptions(
  parseSettings({
    ...{ AzureWebJobsStorage: '-', EventHubConnection: '-', COSMOS_ENDPOINT: '-', COSMOS_KEY: '-' },
    ...{
      SWEEP_SCHEDULE: '-',
      PSEUDONYM_KEY: 'a key for benches only',
    },
  }),
)

/** The sample shop's orders as the refresh run sees them: strengths, exclusions and baskets. */
export async function sampleDataset(): Promise<Dataset> {
  const shop = await readShop()
  const type = eventTypes.indexOf('purchase')
  const lines = shop.orders.map(({ customerId: userId, itemId, orderId, orderedAt }, index) => {
    const second = Math.floor(Date.parse(orderedAt) / 1000)
    return { userId, itemId, basket: orderId, type, second, value: 0, identity: `${index}` }
  })
  const gathering = gatherEvents(shop.orders.length, new Set(shop.products.map(({ itemId }) => itemId)))
  gathering.add(writtenFeedback(lines))
  return buildDataset(gathering.events(), shopOptions.strength)
}
