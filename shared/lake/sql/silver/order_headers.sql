-- Orders that come apart from their lines: rows of bronze.orders that say nothing of a line.
select
  text_of(order_id) as order_id,
  text_of(user_id) as user_id,
  time_of(ordered_at) as ordered_at,
  channel_of(channel) as channel,
  status_of(status) as status,
  text_of(country) as country,
  upper(text_of(currency)) as currency,
  number_of(total) as total,
  text_of(total) as _total,
  _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
from bronze_orders
where coalesce(text_of(item_id), text_of(line_no), text_of(quantity), text_of(unit_price)) is null
