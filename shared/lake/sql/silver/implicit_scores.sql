-- How much a user cares for an item (F13): a weighted sum of the rating, the number of purchases, how lately, and how many
-- pieces. Weights come as variables and add up to 1.
with acts as (
  select user_id, item_id, bought_at as acted_at, quantity, null as rating, true as is_purchase
  from silver_baskets
  where user_id is not null
  union all
  select user_id, item_id, rated_at, null, rating, false
  from silver_ratings
),
both_of as (
  select
    user_id, item_id,
    coalesce(max(rating), 0) / 5 as rating_score,
    least(count(*) filter (is_purchase) / 5, 1) as purchase_score,
    least(coalesce(sum(quantity), 0) / 10, 1) as quantity_score,
    max(acted_at) as last_at
  from acts
  group by user_id, item_id
),
newest as (select max(acted_at) as as_of from acts),
aged as (
  select *, 0.5 ** (seconds_between(last_at, as_of) / 86400 / 30) as recency_score
  from both_of, newest
)
select
  user_id, item_id,
  getvariable('rating_weight') * rating_score + getvariable('purchase_weight') * purchase_score
    + getvariable('recency_weight') * recency_score + getvariable('quantity_weight') * quantity_score as score,
  rating_score, purchase_score, recency_score, quantity_score, last_at
from aged
