-- A line of a run's lists is [item, [[item, support, confidence, lift], …]].
with
  lists as (select json->>'$[0]' as antecedent, from_json(json->'$[1]', '[["VARCHAR"]]') as tails from published_lists),
  rules as (select antecedent, unnest(tails) as tail from lists)
select
  antecedent, tail[1] as consequent,
  tail[2]::double as support, tail[3]::double as confidence, tail[4]::double as lift,
  getvariable('generation') as generation,
  getvariable('model_version') as model_version,
  getvariable('generated_at')::timestamptz as generated_at
from rules
