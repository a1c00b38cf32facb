select
  basket_key,
  count(distinct item_id) as items,
  string_agg(distinct item_id, chr(10) order by item_id) as item_ids,
  min(bought_at) as bought_at,
  month
from silver_baskets
group by basket_key, month
having count(distinct item_id) >= 2
order by basket_key
