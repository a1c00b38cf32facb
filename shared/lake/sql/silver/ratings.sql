-- The newest rating of each user and item; older ones are superseded. What came twice is a duplicate: the first one counts,
-- so that a file that comes again makes no rating newer.
with told as (
  select *, row_number() over (
    partition by user_id, item_id, _row_hash order by _ingested_at, _source, _row, _n
  ) = 1 as is_first
  from received
)
select
  user_id, item_id, rating, rated_at,
  utc(rated_at)::date as day,
  _ingested_at, _row_hash, _n,
  case
    when not is_first then 'duplicate'
    when row_number() over newest_first > 1 then 'superseded'
  end as _verdict
from told
window newest_first as (
  partition by user_id, item_id, is_first order by rated_at desc, _ingested_at desc, _row_hash desc
)
