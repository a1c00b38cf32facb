-- What models learn from, as a whole; visitors are the users that nobody knows. Sparsity is the share of user-item pairs without any interaction.
with interactions as (
  select
    count(*) as interactions, count(distinct user_id) as users,
    count(distinct user_id) filter (starts_with(user_id, 'session:')) as visitors, count(distinct item_id) as items,
    min(happened_at) as first_at, max(happened_at) as last_at
  from gold_training_interactions
),
pairs as (select count(*) as pairs from (select distinct user_id, item_id from gold_training_interactions))
select
  *, 1 - pairs / nullif(users * items, 0) as sparsity, interactions / nullif(users, 0) as mean_per_user,
  interactions / nullif(items, 0) as mean_per_item
from interactions, pairs
