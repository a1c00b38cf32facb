select month, count(*) as interactions, count(distinct user_id) as users,
  count(distinct user_id) filter (starts_with(user_id, 'session:')) as visitors, count(*) / count(distinct user_id) as mean_per_user
from gold_training_interactions
group by month
order by month
