-- A basket has a row for each of its items.
select
  basket_key,
  count(*) as items,
  string_agg(item_id, chr(10) order by item_id) as item_ids,
  min(bought_at) as bought_at,
  month
from silver_baskets
group by basket_key, month
having count(*) >= 2
