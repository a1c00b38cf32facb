-- How lists did, by the generation that was live when they were shown.
with
  generations as (
    select model_version, min(generated_at) as live_from from gold_model_metrics group by model_version
  ),
  shown as (
    select i.*, coalesce(g.model_version, 'unknown') as model_version
    from gold_training_impressions i asof left join generations g on i.shown_at >= g.live_from
  )
select
  s.shown_at::date as day,
  s.model_version,
  coalesce(p.category, 'unknown') as category,
  count(*) as impressions,
  count(*) filter (where s.clicked) as clicks,
  count(*) filter (where s.carted) as carts,
  count(*) filter (where s.purchased) as purchases,
  sum(s.pieces * coalesce(s.price, p.price, 0)) as revenue,
  count(distinct s.user_id) as users,
  count(distinct s.item_id) as items
from shown s left join silver_products p using (item_id)
group by all
order by all
