-- A line of a run's lists is [item, {als: [[item, cosine], …], copurchase: […], viewed: […]}], best first.
with
  lists as (
    select json->>'$[0]' as item_id, 'als' as kind, from_json(json->'$[1].als', '[["VARCHAR"]]') as items
    from published_lists
    union all
    select json->>'$[0]', 'copurchase', from_json(json->'$[1].copurchase', '[["VARCHAR"]]') from published_lists
    union all
    select json->>'$[0]', 'viewed', from_json(json->'$[1].viewed', '[["VARCHAR"]]') from published_lists
  ),
  ranked as (select item_id, kind, unnest(items) as scored, generate_subscripts(items, 1) as rank from lists)
select
  item_id, kind, scored[1] as neighbour_id, scored[2]::double as similarity, rank::integer as rank,
  getvariable('generation') as generation,
  getvariable('model_version') as model_version,
  getvariable('generated_at')::timestamptz as generated_at
from ranked
