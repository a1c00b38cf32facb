-- What the lake was told of products, a row for each time: rows of files, and changes of items, stock and prices.
with changes as (
  select *, "change" ->> ['$.entity', '$.op', '$.key', '$.ts'] as head, json("change") -> '$.data' as data
  from bronze_catalog_changes
),
told as (
  select
    true as _is_full, 'insert' as op,
    item_id, name, category, brand, price, cost, in_stock, stock, description, image_url,
    tags, channels, regions, min_age, hidden, updated_at,
    _ingested_at, _ingested_at as _seen_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_products
  union all by name
  select
    -- Of stock and prices all is an update: that their rows come and go brings no item back and takes none away. A row of
    -- stock that went leaves nothing to sell.
    false as _is_full, case when head[1] = 'item' then head[2] else 'update' end as op,
    head[3] as item_id, data ->> '$.name' as name, data ->> '$.category' as category, data ->> '$.brand' as brand,
    data ->> '$.price' as price, data ->> '$.cost' as cost,
    case when head[1] = 'stock' and head[2] = 'delete' then 'false' else data ->> '$.in_stock' end as in_stock, data ->> '$.stock' as stock,
    data ->> '$.description' as description, data ->> '$.image_url' as image_url,
    data ->> '$.tags' as tags, data ->> '$.channels' as channels, data ->> '$.regions' as regions,
    data ->> '$.min_age' as min_age, data ->> '$.hidden' as hidden, head[4] as updated_at,
    _ingested_at, coalesce(_enqueued_at, _ingested_at) as _seen_at,
    _row_hash, _table, _source, _batch_id, _row, _waited
  from changes
  where head[1] in ('item', 'stock', 'price')
)
select
  text_of(item_id) as item_id,
  text_of(name) as name,
  text_of(brand) as brand,
  category_of(category) as category,
  text_of(category) as category_raw,
  number_of(price) as price,
  number_of(cost) as cost,
  boolean_of(in_stock) as in_stock,
  whole_of(stock) as stock,
  text_of(description) as description,
  text_of(image_url) as image_url,
  list_of(tags) as tags,
  list_of(lower(channels)) as channels,
  list_of(regions) as regions,
  try_cast(whole_of(min_age) as integer) as min_age,
  boolean_of(hidden) as hidden,
  case when text_of(updated_at) is null then _ingested_at else time_of(updated_at) end as updated_at,
  op, _is_full,
  text_of(price) as _price, text_of(cost) as _cost, text_of(in_stock) as _in_stock, text_of(stock) as _stock,
  text_of(tags) as _tags, text_of(channels) as _channels, text_of(regions) as _regions,
  text_of(min_age) as _min_age, text_of(hidden) as _hidden,
  _ingested_at, _seen_at, _row_hash, _table, _source, _batch_id, _row, _waited
from told
