-- Order lines: rows of bronze.orders that are lines, and rows of bronze.order_items with what the order has in common.
with flat as (
  select
    order_id, line_no, item_id, quantity, unit_price, discount,
    text_of(user_id) as user_id,
    time_of(ordered_at) as ordered_at,
    channel_of(channel) as channel,
    status_of(status) as status,
    text_of(country) as country,
    upper(text_of(currency)) as currency,
    true as _order_found,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_orders
  where coalesce(text_of(item_id), text_of(line_no), text_of(quantity), text_of(unit_price)) is not null
),
apart as (
  select
    item.order_id, line_no, item_id, quantity, unit_price, discount,
    header.user_id, header.ordered_at, header.channel, header.status, header.country, header.currency,
    header.order_id is not null as _order_found,
    item._ingested_at, item._row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_order_items as item
  left join silver_order_headers as header on header.order_id = text_of(item.order_id)
),
typed as (
  select
    text_of(order_id) as order_id, user_id, text_of(item_id) as item_id, ordered_at,
    whole_of(quantity) as quantity,
    number_of(unit_price) as unit_price,
    case when text_of(discount) is null then 0 else number_of(discount) end as discount,
    channel, status, country, currency,
    text_of(line_no) as line_no,
    utc(ordered_at) as clock,
    _ingested_at, _row_hash, _order_found, _table, _source, _batch_id, _row, _waited
  from (from flat union all from apart)
)
select
  order_id || case when line_no is null then '~' || _row_hash else '#' || line_no end as line_key,
  order_id, user_id, item_id, ordered_at,
  case when quantity < 0 then 'return' else 'sale' end as line_type,
  quantity, unit_price, discount,
  quantity * unit_price - discount as amount,
  channel, status, country, currency,
  clock::date as day,
  strftime(clock::date, '%Y-%m') as month,
  hour(clock)::integer as hour,
  isodow(clock)::integer as weekday,
  season_of(month(clock)) as season,
  isodow(clock) >= 6 as is_weekend,
  _ingested_at, _row_hash,
  _order_found,
  -- A shop that delivers no products is not asked for them.
  item_id in (select item_id from silver_products) or not exists (select 1 from silver_products) as _item_found,
  _table, _source, _batch_id, _row, _waited
from typed
