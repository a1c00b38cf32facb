-- The catalogue, and the items that were only ever seen in orders: facts find each of their keys here.
with
  only_ordered as (
    select distinct item_id from silver_order_lines where item_id not in (select item_id from silver_products)
  )
select
  surrogate_key(item_id) as product_key, item_id, name, brand, category, price, price_band, in_stock, is_deleted
from silver_products
union all
select surrogate_key(item_id), item_id, null, null, null, null, null, null, null from only_ordered
union all
select 0, null, 'unknown', null, null, null, null, null, null
order by product_key
