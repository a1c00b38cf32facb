-- What models learn from. An order line and the purchase event of the same order and item are one purchase, known by
-- both; the line is kept, as it is what was sold in the end. Returns and orders of guests teach nothing about a taste.
-- Items the catalogue deleted stay: whoever bought them still tells what goes with what.
with
  sold as (
    select order_id, item_id, user_id, ordered_at, quantity, month, hash(order_id, item_id) as pair
    from silver_order_lines
    where line_type = 'sale' and user_id is not null
      -- Lines of the months beside are there for the events below.
      and month >= strftime(getvariable('first_day'), '%Y-%m') and month < strftime(getvariable('end_day'), '%Y-%m')
  ),
  -- Hardly any order has an item twice: only what may be a repetition is added up.
  repeated as (select pair from sold group by pair, month having count(*) > 1),
  lines as (
    select order_id, item_id, user_id, ordered_at, quantity, month from sold where pair not in (from repeated)
    union all
    select order_id, item_id, min(user_id), min(ordered_at), sum(quantity), month
    from sold
    where pair in (from repeated)
    group by order_id, item_id, month
  ),
  -- What a visitor did is the user's who logged in to the session, before or after.
  interactions as (
    select i.* replace (coalesce(g.user_id, i.user_id) as user_id)
    from silver_interactions i left join guest_users g on g.guest = i.user_id
    where event_type <> 'impression'
  ),
  bought as (
    select
      min(user_id) as user_id, item_id, 'purchase' as event_type, min(happened_at) as happened_at, 0.0 as value,
      min_by(coalesce(quantity, 1), (happened_at, event_id)) as quantity,
      'order ' || order_id as basket, order_id || chr(10) || item_id as identity, order_id, month
    from interactions
    where event_type = 'purchase' and order_id is not null
    group by order_id, item_id, month
  ),
  -- A purchase without an order belongs to its session's basket, or else to the user's day (F14).
  others as (
    select
      user_id, item_id, event_type, happened_at, coalesce(value, 0) as value, coalesce(quantity, 1) as quantity,
      case
        when event_type = 'purchase'
          then 'session ' || coalesce(session_id, user_id || ' ' || strftime(happened_at, '%Y-%m-%d'))
      end as basket,
      event_id as identity, month
    from interactions
    where event_type <> 'purchase' or order_id is null
  ),
  -- Ratings of files: those of the hub are among the events.
  rated as (
    select
      coalesce(g.user_id, r.user_id) as user_id, item_id, 'rating' as event_type, rated_at as happened_at,
      rating as value, 1 as quantity, null as basket, 'rating ' || r.user_id || chr(10) || item_id as identity,
      strftime(day, '%Y-%m') as month
    from silver_ratings r left join guest_users g on g.guest = r.user_id
    where r.day >= getvariable('first_day') and r.day < getvariable('end_day') and not exists (
      from silver_interactions i
      where i.event_type = 'rating'
        and i.user_id = r.user_id and i.item_id = r.item_id and i.happened_at = r.rated_at
    )
  )
select
  user_id, item_id, 'purchase' as event_type, ordered_at as happened_at, 0.0 as value, quantity,
  'order ' || order_id as basket, order_id || chr(10) || item_id as identity, month
from lines
union all by name
-- The event may have come on the other side of midnight, in the month before or after.
select * exclude (order_id)
from bought b
where not exists (
  from silver_order_lines l
  where l.order_id = b.order_id and l.item_id = b.item_id and l.line_type = 'sale' and l.user_id is not null
)
union all by name
select * from others
union all by name
select * from rated
