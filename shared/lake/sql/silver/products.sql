-- The catalogue as it is now: everything told of an item, merged in order. What a row does not tell stays as it was; a
-- deleted item is a tombstone until a file or an insert brings it back. Of each item the last row is the one in the
-- table; the others are superseded by it, or say again what was said just before.
with told as (
  select
    *,
    row_number() over in_order as place,
    count(*) over (partition by item_id) as places,
    lag(_row_hash) over in_order as hash_before
  from received
  window in_order as (partition by item_id order by updated_at, _seen_at, _source, _row, _n)
),
merged as (
  select
    item_id,
    arg_max(name, place) as name,
    arg_max(brand, place) as brand,
    coalesce(arg_max(category, place), 'Other') as category,
    arg_max(category_raw, place) as category_raw,
    arg_max(price, place) as price,
    arg_max(cost, place) as cost,
    coalesce(arg_max(coalesce(in_stock, stock > 0), place), true) as in_stock,
    arg_max(stock, place) as stock,
    arg_max(description, place) as description,
    arg_max(image_url, place) as image_url,
    arg_max(tags, place) as tags,
    arg_max(channels, place) as channels,
    arg_max(regions, place) as regions,
    arg_max(min_age, place) as min_age,
    arg_max(hidden, place) as hidden,
    coalesce(arg_max(op, place) filter (op <> 'update') = 'delete', false) as is_deleted,
    min(_ingested_at) as first_seen_at,
    max(updated_at) as updated_at
  from told
  group by item_id
),
banded as (
  select
    *,
    ['budget', 'mid', 'premium'][ntile(3) over (partition by category, price is null or is_deleted order by price, item_id)] as band,
    left(sha256(to_json([
      item_id, name, brand, category, category_raw, price::varchar, cost::varchar, in_stock::varchar, stock::varchar,
      description, image_url, tags, channels, regions, min_age::varchar, hidden::varchar, is_deleted::varchar
    ])::varchar), 16) as content
  from merged
)
select
  merged.* exclude (band, content),
  case when price is not null and not is_deleted then band end as price_band,
  content as _row_hash,
  told._n,
  case when place < places then case when hash_before = told._row_hash then 'duplicate' else 'superseded' end end as _verdict
from (select item_id, _n, _row_hash, place, places, hash_before from told) as told
join banded as merged using (item_id)
