-- Customers with their history (SCD type 2). Rows are put in the order of what they tell; each says what it says and
-- leaves the rest as it was. A row that leaves a customer different begins a state, which holds until the next; of rows of
-- one moment the last counts. The first state holds from 1970 on, so that every order finds one.
with filled as (
  select
    _n, user_id, told_at, _seen_at, _source, _row,
    last_value(name_masked ignore nulls) over so_far as name_masked,
    last_value(email_masked ignore nulls) over so_far as email_masked,
    last_value(email_key ignore nulls) over so_far as email_key,
    last_value(phone_masked ignore nulls) over so_far as phone_masked,
    last_value(country ignore nulls) over so_far as country,
    last_value(region ignore nulls) over so_far as region,
    last_value(city ignore nulls) over so_far as city,
    last_value(birth_year ignore nulls) over so_far as birth_year,
    last_value(gender ignore nulls) over so_far as gender,
    last_value(signup_date ignore nulls) over so_far as signup_date,
    last_value(loyalty_program ignore nulls) over so_far as loyalty_program,
    coalesce(last_value(case when op <> 'update' then op end ignore nulls) over so_far = 'delete', false) as is_deleted,
    lead(told_at) over in_order as told_next
  from received
  window
    in_order as (partition by user_id order by told_at, _seen_at, _source, _row, _n),
    so_far as (
      partition by user_id order by told_at, _seen_at, _source, _row, _n
      rows between unbounded preceding and current row
    )
),
hashed as (
  select
    *,
    told_next is not distinct from told_at as is_passed,
    age_group_of(year(utc(told_at)) - birth_year) as age_group,
    left(sha256(to_json([
      user_id, name_masked, email_masked, email_key, phone_masked, country, region, city, birth_year::varchar, gender,
      signup_date::varchar, loyalty_program, is_deleted::varchar
    ])::varchar), 16) as _row_hash
  from filled
),
begun as (
  select
    _n,
    lag(_row_hash) over in_order is distinct from _row_hash as is_new
  from hashed
  where not is_passed
  window in_order as (partition by user_id order by told_at)
),
states as (
  select
    hashed.*,
    lag(told_at) over in_order as before,
    lead(told_at) over in_order as valid_to
  from hashed semi join (from begun where is_new) as begun using (_n)
  window in_order as (partition by user_id order by told_at)
)
select
  user_id, name_masked, email_masked, email_key, phone_masked, country, region, city, birth_year, age_group, gender,
  signup_date, loyalty_program,
  case when before is null then timestamptz '1970-01-01 00:00:00+00' else told_at end as valid_from,
  valid_to,
  valid_to is null as is_current,
  is_deleted, _row_hash, _n, null as _verdict
from states
union all by name
select
  _n,
  case when is_passed then 'superseded' else 'duplicate' end as _verdict
from hashed anti join states using (_n)
