-- What share of the interactions the most popular hundredth, two hundredths … of the items have.
with items as (select item_id, count(*) as interactions from gold_training_interactions group by item_id),
ranked as (
  select
    row_number() over (order by interactions desc, item_id) as rank,
    sum(interactions) over (order by interactions desc, item_id) / sum(interactions) over () as share
  from items
),
hundredths as (
  select i / 100 as share, greatest(1, round(i / 100 * (select count(*) from items)))::bigint as rank
  from range(1, 101) r(i)
)
select hundredths.share as share_of_items, ranked.share as share_of_interactions
from hundredths
asof join ranked on ranked.rank <= hundredths.rank
order by hundredths.share
