-- Revenue is what sales brought less what came back; a year's growth is against the same month a year earlier.
with months as (
  select
    month,
    sum(amount) as revenue,
    count(distinct order_id) filter (line_type = 'sale') as orders,
    coalesce(-sum(amount) filter (line_type = 'return'), 0) as returned,
    coalesce(-sum(amount) filter (line_type = 'return'), 0) / nullif(sum(amount) filter (line_type = 'sale'), 0) as return_rate
  from gold_fact_transactions
  group by month
)
select
  m.month, m.revenue, before.revenue as revenue_year_before, m.revenue / nullif(before.revenue, 0) - 1 as growth,
  m.orders, m.revenue / nullif(m.orders, 0) as average_order_value, m.returned, m.return_rate
from months m
left join months before on before.month = strftime((m.month || '-01')::date - interval 1 year, '%Y-%m')
order by m.month
