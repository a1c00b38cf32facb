select month, count(*) as interactions, count(distinct user_id) as users, count(*) / count(distinct user_id) as mean_per_user
from gold_training_interactions
group by month
order by month
