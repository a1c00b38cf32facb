-- The 20 products that bring the most.
select
  coalesce(p.name, p.item_id, 'unknown') as product, coalesce(p.category, 'unknown') as category,
  sum(f.amount) as revenue, sum(f.quantity) filter (f.line_type = 'sale') as units,
  coalesce(-sum(f.amount) filter (f.line_type = 'return'), 0) / nullif(sum(f.amount) filter (f.line_type = 'sale'), 0) as return_rate
from gold_fact_transactions f
left join gold_dim_products p using (product_key)
group by f.product_key, p.name, p.item_id, p.category
order by revenue desc, f.product_key
limit 20
