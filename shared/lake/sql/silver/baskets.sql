-- What was bought together (F14): by order; purchases of the hub that no order line tells of, by their order, else by
-- session, else by the user's day. A row an item.
with events as (
  select
    case
      when order_id is not null then 'order ' || order_id
      else 'session ' || coalesce(session_id, user_id || ' ' || strftime(day, '%Y-%m-%d'))
    end as basket_key,
    min(user_id) as user_id, min(happened_at) as bought_at, item_id, sum(coalesce(quantity, 1)) as quantity, month
  from silver_interactions
  where event_type = 'purchase'
  group by all
),
-- The event may have come on the other side of midnight, in the month before or after. Few orders have events.
told as (
  select 'order ' || order_id as basket_key, item_id
  from silver_order_lines
  where line_type = 'sale' and order_id in (select order_id from silver_interactions where event_type = 'purchase')
)
select
  'order ' || order_id as basket_key, min(user_id) as user_id, min(ordered_at) as bought_at, item_id,
  sum(quantity) as quantity, month
from silver_order_lines
where line_type = 'sale'
group by order_id, item_id, month
union all by name
select * from events anti join told using (basket_key, item_id)
