import { type Estimate, estimate } from '../../shared/operations/cost/estimate.ts'
import { totalOf } from '../../shared/operations/cost/priced-lines.ts'
import { defaultTraffic, type Traffic } from '../../shared/operations/cost/traffic.ts'

const shop: Traffic = { ...defaultTraffic, users: 10_000, items: 2_000, eventsPerDay: 0, requestsPerDay: 0 }
const asked: Traffic = { ...shop, eventsPerDay: 50_000, requestsPerDay: 100_000 }
/** Shops from one that rests to a large one, and what the asked one saves step by step. */
const shops: { name: string; traffic: Traffic }[] = [
  { name: 'nobody comes', traffic: shop },
  { name: '2,000 lists, 1,000 events', traffic: { ...shop, eventsPerDay: 1_000, requestsPerDay: 2_000 } },
  { name: '10,000 lists, 5,000 events', traffic: { ...shop, eventsPerDay: 5_000, requestsPerDay: 10_000 } },
  { name: '100,000 lists, 50,000 events', traffic: asked },
  { name: 'the same, 10 events a post', traffic: { ...asked, eventsPerPost: 10 } },
  { name: 'and 3 lists of a page together', traffic: { ...asked, eventsPerPost: 10, listsTogether: 3 } },
  {
    name: '1M users, 100,000 items, 1M lists, 500,000 events',
    traffic: { ...shop, users: 1e6, items: 1e5, eventsPerDay: 500_000, requestsPerDay: 1e6 },
  },
]

const columns: { name: string; of(found: Estimate): number }[] = [
  { name: 'Event Hubs', of: found => dollarsOf(found, 'Event Hubs') },
  { name: 'Functions', of: found => dollarsOf(found, 'Functions') },
  { name: 'Cosmos DB', of: found => dollarsOf(found, 'Cosmos DB') },
  { name: 'Storage', of: found => dollarsOf(found, 'Storage') },
  { name: 'Monitor', of: found => dollarsOf(found, 'Monitor') },
  { name: 'other', of: found => dollarsOf(found, 'Key Vault', 'Private Link', 'Static Web Apps') },
  { name: 'total', of: found => found.dollars },
]

/** Dollars a month of some shops in both profiles, as a table in Markdown. */
export function costTable(): string {
  const rows = (['starter', 'enterprise'] as const).flatMap(profile =>
    shops.map(({ name, traffic }) => {
      const found = estimate(traffic, profile)
      const each = found.dollarsPerThousandLists
      return [
        profile,
        name,
        ...columns.map(({ of }) => of(found).toFixed(2)),
        each === undefined ? '' : each.toFixed(4),
      ]
    }),
  )
  const head = ['profile', 'a day', ...columns.map(({ name }) => name), 'a thousand lists']
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

const dollarsOf = ({ lines }: Estimate, ...services: string[]): number =>
  totalOf(lines.filter(({ service }) => services.some(name => service.startsWith(name))))
