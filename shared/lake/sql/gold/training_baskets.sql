-- A basket has a row for each of its items. A list that is sorted takes a third of what an aggregate in order does.
with
  baskets as (
    select basket_key, count(*) as items, list(item_id) as item_list, min(bought_at) as bought_at, month
    from silver_baskets
    group by basket_key, month
    having count(*) >= 2
  )
select basket_key, items, array_to_string(list_sort(item_list), chr(10)) as item_ids, bought_at, month
from baskets
