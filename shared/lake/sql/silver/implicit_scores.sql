-- How much a user cares for an item (F13): a weighted sum of the rating, the number of purchases, how lately, and how many
-- pieces. Weights come as variables and add up to 1.
with bought as (
  select user_id, item_id, count(*) as purchases, sum(quantity) as pieces, max(bought_at) as last_bought_at
  from silver_baskets
  where user_id is not null
  group by user_id, item_id
),
rated as (select user_id, item_id, rating, rated_at from silver_ratings),
both_of as (
  select
    user_id, item_id,
    coalesce(rating, 0) / 5 as rating_score,
    least(coalesce(purchases, 0) / 5, 1) as purchase_score,
    least(coalesce(pieces, 0) / 10, 1) as quantity_score,
    greatest(last_bought_at, rated_at) as last_at
  from bought full join rated using (user_id, item_id)
),
newest as (select max(last_at) as as_of from both_of),
aged as (
  select *, 0.5 ** (epoch(as_of - last_at) / 86400 / 30) as recency_score
  from both_of, newest
)
select
  user_id, item_id,
  getvariable('rating_weight') * rating_score + getvariable('purchase_weight') * purchase_score
    + getvariable('recency_weight') * recency_score + getvariable('quantity_weight') * quantity_score as score,
  rating_score, purchase_score, recency_score, quantity_score, last_at
from aged
