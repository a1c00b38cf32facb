-- Interactions: the events of the hub, taken apart, but for logins. Whoever has no user id is the visitor of the session.
with events as (
  select
    "event" ->> [
      '$.event_id', '$.user_id', '$.item_id', '$.product_id', '$.event_type', '$.ts', '$.session_id', '$.order_id',
      '$.quantity', '$.value', '$.context.price', '$.context.referrer', '$.context.device', '$.recommendation_id',
      '$.position', '$.propensity'
    ] as field,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_interactions
),
typed as (
  select
    text_of(field[1]) as event_id,
    text_of(coalesce(field[2], 'session:' || field[7])) as user_id,
    text_of(coalesce(field[3], field[4])) as item_id,
    field[5] as event_type,
    time_of(field[6]) as happened_at,
    text_of(field[7]) as session_id,
    text_of(field[8]) as order_id,
    try_cast(field[9] as bigint) as quantity,
    try_cast(field[10] as double) as value,
    try_cast(field[11] as double) as price,
    field[12] as referrer,
    field[13] as device,
    field[14] as recommendation_id,
    try_cast(field[15] as integer) as position,
    try_cast(field[16] as double) as propensity,
    field[9] as _quantity,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from events
  where field[5] is distinct from 'login'
)
select
  *,
  utc(happened_at)::date as day,
  strftime(utc(happened_at)::date, '%Y-%m') as month,
  hour(utc(happened_at))::integer as hour,
  isodow(utc(happened_at))::integer as weekday,
  season_of(month(utc(happened_at))) as season,
  isodow(utc(happened_at)) >= 6 as is_weekend
from typed
