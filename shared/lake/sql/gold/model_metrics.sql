-- Every figure of the certificate, which comes as one JSON object; a refit is 1 where the mode says so.
with
  figures as (
    select unnest(json_keys(getvariable('certificate')::json)) as metric
  )
select
  metric,
  coalesce(
    try_cast(getvariable('certificate')::json->>metric as double),
    case when metric = 'mode' then (getvariable('certificate')::json->>metric = 'refit')::integer end
  ) as value,
  getvariable('generation') as generation,
  getvariable('model_version') as model_version,
  getvariable('generated_at')::timestamptz as generated_at
from figures
where value is not null
