-- Sessions: a user's interactions of one day (UTC) without a pause of more than half an hour. What was shown to the user
-- is no interaction.
with marked as (
  select
    customer_key, user_id, item_id, event_type, happened_at, device, day, month, event_id,
    seconds_between(lag(happened_at) over in_order, happened_at) > 30 * 60 as is_after_pause
  from silver_interactions
  where event_type <> 'impression'
  window in_order as (partition by user_id, day order by happened_at, event_id)
),
numbered as (
  select *, count(*) filter (is_after_pause) over (partition by user_id, day order by happened_at, event_id) as number
  from marked
),
devices as (
  select user_id, day, number, device, row_number() over (partition by user_id, day, number order by count(*) desc, device) as place
  from numbered
  where device is not null
  group by user_id, day, number, device
)
select
  coalesce(min(customer_key), user_id) || ' ' || epoch_ms(min(happened_at)) as session_key,
  user_id,
  min(customer_key) as customer_key,
  min(happened_at) as started_at,
  max(happened_at) as ended_at,
  count(*) as events,
  count(distinct item_id) as items,
  count(*) filter (event_type in ('view', 'click')) as views,
  count(*) filter (event_type = 'add_to_cart') as carts,
  count(*) filter (event_type = 'purchase') as purchases,
  min(devices.device) as device,
  day,
  min(month) as month
from numbered
left join (from devices where place = 1) as devices using (user_id, day, number)
group by user_id, day, number
