-- A line of a run's lists is [user, {items: [[item, score], …], …}], best first.
with
  lists as (
    select json->>'$[0]' as user_id, from_json(json->'$[1].items', '[["VARCHAR"]]') as items from published_lists
  ),
  ranked as (select user_id, unnest(items) as scored, generate_subscripts(items, 1) as rank from lists)
select
  user_id, scored[1] as item_id, scored[2]::double as score, rank::integer as rank,
  getvariable('generation') as generation,
  getvariable('model_version') as model_version,
  getvariable('generated_at')::timestamptz as generated_at
from ranked
