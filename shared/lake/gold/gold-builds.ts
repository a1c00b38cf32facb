import type { TableBuild } from '../build/table-build.ts'
import {
  customerSegments,
  dailySales,
  dimCustomers,
  dimDate,
  dimProducts,
  factTransactions,
  goldModelMetrics,
  recommendationMetrics,
  trainingBaskets,
  trainingImpressions,
  trainingInteractions,
} from '../tables/gold-tables.ts'
import {
  silverBaskets,
  silverCustomers,
  silverInteractions,
  silverLogins,
  silverOrderLines,
  silverOrders,
  silverProducts,
  silverRatings,
  silverUsers,
} from '../tables/silver-tables.ts'
import { surrogateKeys } from './surrogate-keys.ts'

export interface GoldBuild extends TableBuild {
  /** By months: hourly. Whole: daily. */
  by: 'months' | 'whole'
  /** Tables of a round are made of silver and of those of the rounds before. */
  round: 0 | 1 | 2
  /** Whether models are trained on it. */
  trains?: boolean
}

const customerStates = `
create or replace temp table customer_states as
select
  customer_key, state_key(customer_key, valid_from) as customer_sk, valid_from,
  coalesce(valid_to, 'infinity'::timestamptz) as valid_to
from silver_customers`

/** Months with orders of customers who were in another state then than the lake thought. */
const monthsOfOtherStates = `
with changed as (
  from silver_customers n
  where not exists (from silver_customers_before b where b.customer_key = n.customer_key and b.valid_from = n.valid_from)
  union all
  from silver_customers_before b
  where not exists (from silver_customers n where b.customer_key = n.customer_key and b.valid_from = n.valid_from)
)
select distinct l.month
from silver_order_lines l
join changed c
  on c.customer_key = l.customer_key and l.ordered_at >= c.valid_from
  and l.ordered_at < coalesce(c.valid_to, 'infinity'::timestamptz)
-- The first state begins with 1970, and its key is known before the customer is.
where c.valid_from > '1970-01-01T00:00:00Z'::timestamptz`

/** Months with orders of items that are in another category now. */
const monthsOfOtherCategories = `
select distinct l.month
from silver_order_lines l
join (
  (select item_id, category from silver_products except select item_id, category from silver_products_before)
  union all
  (select item_id, category from silver_products_before except select item_id, category from silver_products)
) changed using (item_id)`

/** Months of new lines, and of purchase events of the same orders in other months: an order and its event are one. */
const monthsOfPurchases = `
with lines as (
  select order_id, item_id, month from silver_order_lines_added
  union
  select order_id, item_id, month from silver_order_lines_removed
)
select month from lines
union
select i.month
from silver_interactions i join lines l on i.order_id = l.order_id and i.item_id = l.item_id and i.month <> l.month
where i.event_type = 'purchase'`

const monthsOfRatings = `
select distinct strftime(day, '%Y-%m')
from (
  (from silver_ratings except all from silver_ratings_before)
  union all
  (from silver_ratings_before except all from silver_ratings)
)`

/** A visitor's session is the user's who was the first to log in to it. */
const guestUsers = `
create or replace temp table guest_users as
select 'session:' || session_id as guest, min_by(user_id, (happened_at, event_id)) as user_id
from silver_logins
group by session_id`

/** Months in which visitors did something who have logged in by now. */
const monthsOfLogins = `
select distinct i.month
from silver_interactions i
join (select session_id from silver_logins_added union select session_id from silver_logins_removed) l
  on i.user_id = 'session:' || l.session_id`

/** Gold, but for the history of what was served. */
export const goldBuilds: readonly GoldBuild[] = [
  {
    ...{ table: factTransactions, by: 'months', round: 0, prelude: surrogateKeys, lookups: customerStates },
    inputs: [{ table: silverOrderLines }, { table: silverCustomers, touches: { query: monthsOfOtherStates } }],
  },
  {
    ...{ table: dailySales, by: 'months', round: 0 },
    inputs: [{ table: silverOrderLines }, { table: silverProducts, touches: { query: monthsOfOtherCategories } }],
  },
  {
    ...{ table: trainingInteractions, by: 'months', round: 0, trains: true, lookups: guestUsers },
    inputs: [
      { table: silverOrderLines, touches: { query: monthsOfPurchases }, reach: [-1, 1] },
      { table: silverInteractions },
      { table: silverLogins, touches: { query: monthsOfLogins } },
      {
        table: silverRatings,
        touches: { query: monthsOfRatings },
        months: `select distinct strftime(day, '%Y-%m') from silver_ratings`,
      },
    ],
  },
  { ...{ table: trainingBaskets, by: 'months', round: 0, trains: true }, inputs: [{ table: silverBaskets }] },
  {
    ...{ table: trainingImpressions, by: 'months', round: 1, lookups: guestUsers },
    // What is bought early in a month may pay for what was shown late in the one before.
    inputs: [
      { table: silverInteractions, reach: [0, 1] },
      { table: silverLogins, touches: { query: monthsOfLogins } },
      { table: trainingInteractions, reach: [0, 1] },
    ],
  },
  {
    ...{ table: dimDate, by: 'whole', round: 0 },
    inputs: [{ table: silverOrderLines }, { table: silverInteractions }],
  },
  {
    ...{ table: dimProducts, by: 'whole', round: 0, prelude: surrogateKeys },
    inputs: [{ table: silverProducts }, { table: silverOrderLines }],
  },
  {
    ...{ table: dimCustomers, by: 'whole', round: 0, prelude: surrogateKeys },
    inputs: [{ table: silverCustomers }, { table: silverOrders }, { table: silverUsers }],
  },
  {
    ...{ table: customerSegments, by: 'whole', round: 0 },
    inputs: [{ table: silverUsers }, { table: silverCustomers }],
  },
  {
    ...{ table: recommendationMetrics, by: 'whole', round: 2 },
    inputs: [{ table: trainingImpressions }, { table: goldModelMetrics }, { table: silverProducts }],
  },
]
