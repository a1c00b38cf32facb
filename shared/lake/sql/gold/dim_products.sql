-- The catalogue, and the items that were only ever seen in orders: facts find each of their keys here.
with
  only_ordered as (
    select distinct item_id from silver_order_lines where item_id not in (select item_id from silver_products)
  )
select
  surrogate_key(item_id) as product_key, item_id, name, brand, category, price, price_band,
  cost, round((price - cost) / nullif(price, 0), 4) as margin,
  in_stock, nullif(tags, '') as tags, nullif(channels, '') as channels, nullif(regions, '') as regions, min_age, hidden,
  is_deleted
from silver_products
union all by name
select surrogate_key(item_id) as product_key, item_id from only_ordered
union all by name
select 0 as product_key, 'unknown' as name
order by product_key
