-- Orders, added up from their lines. Amounts are added as decimals: the same whatever the order of the lines.
select
  order_id,
  min(user_id) as user_id,
  min(customer_key) as customer_key,
  min(ordered_at) as ordered_at,
  min(channel) as channel,
  min(status) as status,
  min(country) as country,
  count(*) as lines,
  -- An order has few lines: putting them into a list is faster than counting what is distinct over all orders.
  list_unique(list(item_id)) as items,
  coalesce(sum(quantity) filter (line_type = 'sale'), 0) as units,
  coalesce(sum(amount::decimal(18, 4)) filter (line_type = 'sale'), 0) as revenue,
  coalesce(sum(amount::decimal(18, 4)) filter (line_type = 'return'), 0) as returned,
  utc(min(ordered_at))::date as day,
  month
from silver_order_lines
group by order_id, month
