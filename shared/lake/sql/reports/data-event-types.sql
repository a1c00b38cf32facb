-- Balance: how many interactions are of each type.
select
  event_type, count(*) as interactions, count(*) / sum(count(*)) over () as share,
  count(distinct user_id) as users, count(distinct item_id) as items
from gold_training_interactions
group by event_type
order by interactions desc, event_type
