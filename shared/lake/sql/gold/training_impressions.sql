-- What was shown, and what its user did with that item afterwards: a look or the cart within a day, a purchase within
-- seven. Each purchase pays for one impression, the last one before it.
with
  shown as (
    select
      event_id, recommendation_id, coalesce(g.user_id, i.user_id) as user_id, item_id, position, propensity, price,
      happened_at as shown_at, month
    from silver_interactions i left join guest_users g on g.guest = i.user_id
    where event_type = 'impression'
  ),
  followed as (
    select
      s.event_id, o.event_type, o.happened_at, o.quantity,
      o.event_type = 'purchase' and row_number() over (
        partition by o.identity, o.event_type order by s.shown_at desc, s.event_id
      ) = 1 as pays
    from shown s
    join gold_training_interactions o
      on o.user_id = s.user_id and o.item_id = s.item_id and o.happened_at >= s.shown_at
      and o.happened_at < s.shown_at + case when o.event_type = 'purchase' then interval 7 day else interval 1 day end
    where o.event_type in ('view', 'click', 'add_to_cart', 'purchase')
  ),
  outcomes as (
    select
      event_id,
      bool_or(event_type in ('view', 'click')) as clicked,
      bool_or(event_type = 'add_to_cart') as carted,
      bool_or(event_type = 'purchase') as purchased,
      min(happened_at) as outcome_at,
      coalesce(sum(quantity) filter (where pays), 0) as pieces
    from followed
    group by event_id
  )
select
  s.event_id, s.recommendation_id, s.user_id, s.item_id, s.position, s.propensity, s.price, s.shown_at,
  coalesce(o.clicked, false) as clicked,
  coalesce(o.carted, false) as carted,
  coalesce(o.purchased, false) as purchased,
  o.outcome_at,
  coalesce(o.pieces, 0) as pieces,
  s.month
from shown s left join outcomes o using (event_id)
order by s.shown_at, s.event_id
