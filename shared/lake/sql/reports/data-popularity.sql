-- What share of the interactions the most popular items have.
with items as (select item_id, count(*) as interactions from gold_training_interactions group by item_id),
ranked as (
  select
    row_number() over (order by interactions desc, item_id) as rank, count(*) over () as items,
    sum(interactions) over (order by interactions desc, item_id) / sum(interactions) over () as share
  from items
)
select top.share as share_of_items, max(ranked.share) as share_of_interactions
from (values (0.01), (0.02), (0.05), (0.1), (0.2), (0.3), (0.4), (0.5), (0.6), (0.7), (0.8), (0.9), (1.0)) top(share)
join ranked on ranked.rank <= greatest(1, round(top.share * ranked.items))
group by top.share
order by top.share
