-- Customers by what they bought, as of the newest order.
--
-- RFM: fifths of all customers by recency, frequency and money, 5 the best. Source: Hughes, Strategic Database Marketing.
-- Churn: a customer's own rhythm is the mean time between two orders (of who ordered once, the shop's median); the chance
-- to be alive halves with every two rhythms of silence, and the churn score is what is missing to 1.
-- CLV: average order value x orders a year x chance to be alive, the revenue expected in a year. Who came less than a
-- year ago is taken to have had a year, so that one order last week is not fifty a year.
with sales as (
  select
    user_id,
    min(customer_key) as customer_key,
    min(ordered_at) filter (units > 0) as first_order_at,
    max(ordered_at) filter (units > 0) as last_order_at,
    count(*) filter (units > 0) as orders,
    sum(units)::bigint as units,
    sum(revenue::decimal(18, 4) + returned::decimal(18, 4))::double as revenue
  from silver_orders
  where user_id is not null
  group by user_id
  having orders > 0
),
everything as (
  select as_of, as_of - interval 365 days as year_before
  from (select max(ordered_at) filter (units > 0) as as_of from silver_orders)
),
last_year as (
  select
    user_id,
    count(*) filter (units > 0) as orders,
    sum(revenue::decimal(18, 4) + returned::decimal(18, 4))::double as revenue
  from silver_orders, everything
  where user_id is not null and ordered_at > year_before
  group by user_id
),
timed as (
  select
    *,
    floor(seconds_between(last_order_at, as_of) / 86400)::integer as recency_days,
    greatest(seconds_between(first_order_at, as_of) / 86400, 365) / 365 as years,
    case when orders > 1 then greatest(seconds_between(first_order_at, last_order_at) / 86400 / (orders - 1), 1) end as own_rhythm
  from sales, everything
),
rhythms as (
  select *, coalesce(own_rhythm, (select median(own_rhythm) from timed), 90) as rhythm
  from timed
),
scored as (
  select
    *,
    ntile(5) over (order by last_order_at, user_id) as r_score,
    ntile(5) over (order by orders, user_id) as f_score,
    ntile(5) over (order by revenue, user_id) as m_score,
    1 - 0.5 ** (recency_days / (2 * rhythm)) as churn_score
  from rhythms
),
valued as (
  select *, greatest(revenue, 0) / orders * (orders / years) * (1 - churn_score) as clv
  from scored
)
select
  user_id, customer_key, first_order_at, last_order_at,
  valued.orders, units, valued.revenue,
  valued.revenue / valued.orders as average_order_value,
  recency_days,
  valued.orders as frequency,
  valued.revenue as monetary,
  r_score, f_score, m_score,
  case
    when r_score >= 4 and f_score >= 4 and m_score >= 4 then 'champions'
    when r_score >= 3 and f_score >= 4 then 'loyal'
    when r_score >= 4 and valued.orders = 1 then 'new'
    when r_score <= 2 and f_score >= 3 then 'at risk'
    when r_score <= 2 then 'lost'
    else 'others'
  end as rfm_segment,
  clv,
  ['Diamond', 'Gold', 'Silver', 'Bronze'][ntile(4) over (order by clv desc, user_id)] as clv_segment,
  case when churn_score < 0.5 then 'low' when churn_score < 0.75 then 'medium' else 'high' end as churn_risk,
  churn_score,
  case
    when last_year.orders >= 12 and last_year.revenue >= 1000 then 'platinum'
    when last_year.orders >= 6 and last_year.revenue >= 500 then 'gold'
    when last_year.orders >= 3 then 'silver'
    else 'member'
  end as loyalty_tier,
  as_of
from valued left join last_year using (user_id)
