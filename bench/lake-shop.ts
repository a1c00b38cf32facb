import type { Profile } from '../commands/generate/profiles.ts'
import { buildMonths } from '../shared/lake/build/build-months.ts'
import { buildWhole } from '../shared/lake/build/build-whole.ts'
import type { BuildContext } from '../shared/lake/build/table-build.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { goldBuilds } from '../shared/lake/gold/gold-builds.ts'
import { silverCustomers, silverOrderLines, silverProducts, silverUsers } from '../shared/lake/tables/silver-tables.ts'
import { definitionOf, type Table } from '../shared/lake/tables/table.ts'

/** What dashboards ask: the star and the summaries. */
const asked = [
  ...['gold/fact_transactions', 'gold/daily_sales', 'gold/dim_date', 'gold/dim_products', 'gold/dim_customers'],
  'gold/customer_segments',
]

/**
 * A lake whose silver is drawn by SQL from hashes of row numbers, the same every time, and whose gold is made of it as the
 * job lake does. Some items and customers have far more order lines than others; the shop grows.
 */
export async function lakeShop(
  { users, items, orderLines, days }: Pick<Profile, 'users' | 'items' | 'orderLines' | 'days'>,
  { context, step }: { context: BuildContext; step: (text: string) => void },
): Promise<void> {
  const { ports } = context
  {
    await using session = await ports.sql.open()
    await session.run(drawn({ users, items, orderLines, days }))
    const silver: [Table, string][] = [
      [silverProducts, 'from products'],
      [silverCustomers, 'from customers'],
      [silverOrderLines, 'from order_lines'],
      [silverUsers, usersQuery],
    ]
    for (const [table, query] of silver) {
      step(`drawing ${table.path}`)
      await writeTable(definitionOf(table), query, { session, replace: 'all' }, ports)
    }
  }
  for (const build of goldBuilds.filter(({ table }) => asked.includes(table.path))) {
    step(`making ${build.table.path}`)
    await (build.by === 'months' ? buildMonths : buildWhole)(build, context)
  }
}

/** `draw(row, of)` is in [0, 1): the same for the same row and purpose. */
const drawn = ({ users, items, orderLines, days }: Pick<Profile, 'users' | 'items' | 'orderLines' | 'days'>) => `
create temp macro draw(i, salt) as (hash(i, salt) % 1000003)::double / 1000003;
create temp macro choice(list, share) as list[1 + floor(share * len(list))::bigint];
create temp view products as
  select
    'item-' || i as item_id, 'Product ' || i as name, 'Brand ' || i % 40 as brand,
    choice(['books', 'electronics', 'fashion', 'food', 'garden', 'health', 'home', 'music', 'office', 'pets', 'sports', 'toys'],
      draw(i, 1)) as category,
    round(5 + exp(5 * draw(i, 2)), 2) as price, true as in_stock, false as is_deleted
  from range(${items}) r(i);
create temp view customers as
  select
    'user-' || i as user_id, sha256('user-' || i)[1:32] as customer_key,
    choice(['AT', 'DE', 'FR', 'GB', 'NL', 'US'], draw(i, 3)) as country, 'Region ' || i % 16 as region,
    choice(['18-24', '25-34', '35-44', '45-54', '55-64', '65+'], draw(i, 4)) as age_group,
    '1970-01-01T00:00:00Z'::timestamptz as valid_from, null::timestamptz as valid_to, true as is_current
  from range(${users}) r(i);
create temp view order_lines as
  with
    lines as (
      select
        i, i // 3 as o, floor(${items} * draw(i, 5) ** 2.5)::bigint as item,
        floor(${users} * draw(i // 3, 6) ** 2)::bigint as customer,
        timestamptz '2024-01-01T00:00:00Z' + to_seconds(floor(${days} * 86400 * draw(i // 3, 7) ** 0.7)::bigint) as ordered_at,
        case when draw(i, 8) < 0.04 then -1 else 1 + floor(3 * draw(i, 9))::bigint end as quantity
      from range(${orderLines}) r(i)
    )
  select
    o || '-' || i as line_key, 'order-' || o as order_id, 'user-' || customer as user_id,
    sha256('user-' || customer)[1:32] as customer_key, 'item-' || item as item_id, ordered_at,
    if(quantity < 0, 'return', 'sale') as line_type, quantity, round(5 + exp(5 * draw(item, 2)), 2) as unit_price,
    0.0 as discount, quantity * unit_price as amount, choice(['app', 'store', 'web', 'web'], draw(o, 10)) as channel,
    choice(['AT', 'DE', 'FR', 'GB', 'NL', 'US'], draw(customer, 3)) as country, ordered_at::date as day,
    strftime(ordered_at, '%Y-%m') as month
  from lines
  order by month;
`

/** Segments by what was drawn: how they are told in earnest is silver's business. */
const usersQuery = `
select
  user_id, customer_key, count(distinct order_id) as orders, sum(amount) as revenue, sum(amount) as clv,
  choice(['champions', 'loyal', 'new', 'at risk', 'lost', 'others'], draw(customer_key, 11)) as rfm_segment,
  choice(['Diamond', 'Gold', 'Silver', 'Bronze'], draw(customer_key, 12)) as clv_segment,
  choice(['low', 'medium', 'high'], draw(customer_key, 13)) as churn_risk,
  choice(['platinum', 'gold', 'silver', 'member'], draw(customer_key, 14)) as loyalty_tier
from order_lines
group by user_id, customer_key`
