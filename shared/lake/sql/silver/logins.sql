-- Logins: the events of the hub that say whose a session is.
with events as (
  select
    "event" ->> ['$.event_type', '$.event_id', '$.user_id', '$.session_id', '$.ts'] as field,
    _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_interactions
  -- Few events are logins: a text is searched faster than it is taken apart.
  where contains("event", 'login')
)
select
  text_of(field[2]) as event_id,
  text_of(field[3]) as user_id,
  text_of(field[4]) as session_id,
  time_of(field[5]) as happened_at,
  utc(time_of(field[5]))::date as day,
  _ingested_at, _row_hash, _table, _source, _batch_id, _row, _waited
from events
where field[1] = 'login'
