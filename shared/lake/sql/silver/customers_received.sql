-- What the lake was told of customers, a row for each time: rows of files, and changes of customers.
with changes as (
  select *, "change" ->> ['$.entity', '$.op', '$.key', '$.ts'] as head, json("change") -> '$.data' as data
  from bronze_catalog_changes
),
told as (
  select
    'insert' as op,
    user_id, name_masked, email_masked, email_key, phone_masked, country, region, city, birth_date, birth_year,
    age, _ingested_at as _aged_at, gender,
    signup_date, loyalty_program, updated_at,
    _ingested_at, _ingested_at as _seen_at, _row_hash, _table, _source, _batch_id, _row, _waited
  from bronze_customers
  union all by name
  select
    head[2] as op,
    head[3] as user_id, data ->> '$.name_masked' as name_masked, data ->> '$.email_masked' as email_masked,
    data ->> '$.email_key' as email_key, data ->> '$.phone_masked' as phone_masked, data ->> '$.country' as country,
    data ->> '$.region' as region, data ->> '$.city' as city, data ->> '$.birth_date' as birth_date,
    data ->> '$.birth_year' as birth_year, data ->> '$.age' as age,
    coalesce(time_of(head[4]), _ingested_at) as _aged_at, data ->> '$.gender' as gender, data ->> '$.signup_date' as signup_date,
    data ->> '$.loyalty_program' as loyalty_program, head[4] as updated_at,
    _ingested_at, coalesce(_enqueued_at, _ingested_at) as _seen_at,
    _row_hash, _table, _source, _batch_id, _row, _waited
  from changes
  where head[1] = 'customer'
)
select
  text_of(user_id) as user_id,
  text_of(name_masked) as name_masked,
  text_of(email_masked) as email_masked,
  text_of(email_key) as email_key,
  text_of(phone_masked) as phone_masked,
  text_of(country) as country,
  text_of(region) as region,
  text_of(city) as city,
  try_cast(coalesce(
    year(utc(time_of(birth_date))), whole_of(birth_year), year(utc(_aged_at)) - whole_of(age)
  ) as integer) as birth_year,
  gender_of(gender) as gender,
  utc(time_of(signup_date))::date as signup_date,
  text_of(loyalty_program) as loyalty_program,
  case when text_of(updated_at) is null then _ingested_at else time_of(updated_at) end as told_at,
  op,
  coalesce(text_of(birth_date), text_of(birth_year), text_of(age)) as _birth, text_of(birth_year) as _birth_year,
  text_of(signup_date) as _signup_date,
  _ingested_at, _seen_at, _row_hash, _table, _source, _batch_id, _row, _waited
from told
