-- Orders, added up from their lines. Amounts are added as decimals: the same whatever the order of the lines.
with items as (
  select
    order_id, month, item_id,
    min(user_id) as user_id, min(customer_key) as customer_key, min(ordered_at) as ordered_at, min(channel) as channel,
    min(status) as status, min(country) as country,
    count(*) as lines,
    coalesce(sum(quantity) filter (line_type = 'sale'), 0) as units,
    coalesce(sum(amount::decimal(18, 4)) filter (line_type = 'sale'), 0) as revenue,
    coalesce(sum(amount::decimal(18, 4)) filter (line_type = 'return'), 0) as returned
  from silver_order_lines
  group by order_id, month, item_id
)
select
  order_id,
  min(user_id) as user_id,
  min(customer_key) as customer_key,
  min(ordered_at) as ordered_at,
  min(channel) as channel,
  min(status) as status,
  min(country) as country,
  sum(lines) as lines,
  count(*) as items,
  sum(units) as units,
  sum(revenue) as revenue,
  sum(returned) as returned,
  utc(min(ordered_at))::date as day,
  month
from items
group by order_id, month
