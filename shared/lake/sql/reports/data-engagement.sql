-- How many users have 1, 2 to 3, 4 to 7 … interactions.
with users as (select user_id, count(*) as interactions from gold_training_interactions group by user_id),
buckets as (
  select floor(log2(interactions))::integer as bucket, count(*) as users, sum(interactions) as interactions
  from users
  group by bucket
)
select
  case when bucket = 0 then '1' else (2 ** bucket)::bigint || ' to ' || (2 ** (bucket + 1) - 1)::bigint end as interactions_each,
  users, users / sum(users) over () as share_of_users, interactions / sum(interactions) over () as share_of_interactions
from buckets
order by bucket
