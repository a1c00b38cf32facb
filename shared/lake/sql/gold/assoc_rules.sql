-- A line of a run's lists is [item, [[[left side's items], right side, support, confidence, lift], …]]. A rule is listed
-- under every item of its left side, and is one row here.
with
  lists as (select from_json(json->'$[1]', '["JSON"]') as tails from published_lists),
  rules as (select distinct unnest(tails) as tail from lists)
select
  array_to_string(from_json(tail->'$[0]', '["VARCHAR"]'), chr(10)) as antecedent,
  tail->>'$[1]' as consequent,
  json_array_length(tail->'$[0]')::integer as antecedent_items,
  (tail->>'$[2]')::double as support, (tail->>'$[3]')::double as confidence, (tail->>'$[4]')::double as lift,
  (tail->>'$[2]')::double * (1 - 1 / (tail->>'$[4]')::double) as leverage,
  case
    when (tail->>'$[3]')::double < 1
    then (1 - (tail->>'$[3]')::double / (tail->>'$[4]')::double) / (1 - (tail->>'$[3]')::double)
  end as conviction,
  getvariable('generation') as generation,
  getvariable('model_version') as model_version,
  getvariable('generated_at')::timestamptz as generated_at
from rules
