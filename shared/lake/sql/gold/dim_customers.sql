-- Each state a customer was in, with what is known of the customer now. Who ordered and never came as a customer has one
-- state, that of always; should the customer come later, the first of the states has the same key.
with
  states as (
    select customer_key, country, region, age_group, gender, signup_date, valid_from, valid_to, is_current
    from silver_customers
    union all
    select distinct
      customer_key, null, null, null, null, null::date, '1970-01-01T00:00:00Z'::timestamptz, null::timestamptz, true
    from silver_orders
    where customer_key is not null and customer_key not in (select customer_key from silver_customers)
  )
select
  state_key(s.customer_key, s.valid_from) as customer_sk,
  s.customer_key, s.country, s.region, s.age_group, s.gender, s.signup_date,
  u.rfm_segment, u.clv_segment, u.churn_risk, u.loyalty_tier,
  s.valid_from, s.valid_to, s.is_current
from states s left join silver_users u using (customer_key)
union all
select 0, null, null, null, null, null, null, null, null, null, null, null, null, true
order by customer_sk
