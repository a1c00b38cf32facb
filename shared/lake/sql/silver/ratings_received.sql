-- Ratings: rows of files, and those among the interactions of the hub.
with events as (
  select
    "event" ->> ['$.event_type', '$.user_id', '$.item_id', '$.product_id', '$.value', '$.ts', '$.session_id'] as field,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_interactions
  -- Most events are no ratings: a text is searched faster than it is taken apart.
  where contains("event", 'rating')
),
told as (
  select
    user_id, item_id, rating, rated_at, _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_ratings
  union all by name
  select
    coalesce(field[2], 'session:' || field[7]) as user_id, coalesce(field[3], field[4]) as item_id, field[5] as rating, field[6] as rated_at,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from events
  where field[1] = 'rating'
)
select
  text_of(user_id) as user_id,
  text_of(item_id) as item_id,
  number_of(rating) as rating,
  case when text_of(rated_at) is null then _ingested_at else time_of(rated_at) end as rated_at,
  _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
from told
