-- The newest rating of each user and item; older ones are superseded, and what came twice is a duplicate.
select
  user_id, item_id, rating, rated_at,
  utc(rated_at)::date as day,
  _ingested_at, _row_hash, _n,
  case
    when row_number() over newest_first = 1 then null
    when first_value(_row_hash) over newest_first = _row_hash then 'duplicate'
    else 'superseded'
  end as _verdict
from received
window newest_first as (
  partition by user_id, item_id order by rated_at desc, _ingested_at desc, _row_hash desc, _source, _row, _n
)
