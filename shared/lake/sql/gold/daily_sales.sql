select
  l.day,
  coalesce(p.category, 'unknown') as category,
  coalesce(l.channel, 'unknown') as channel,
  coalesce(l.country, 'unknown') as country,
  count(distinct l.order_id) as orders,
  count(distinct l.customer_key) as customers,
  coalesce(sum(l.quantity) filter (where l.line_type = 'sale'), 0) as units,
  coalesce(sum(l.amount) filter (where l.line_type = 'sale'), 0) as revenue,
  coalesce(sum(l.amount) filter (where l.line_type = 'return'), 0) as returned,
  l.month
from silver_order_lines l left join silver_products p using (item_id)
group by all
order by l.day, category, channel, country
