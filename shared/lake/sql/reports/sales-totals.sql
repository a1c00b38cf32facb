-- All sales, and the last 365 days beside the 365 before them.
with bounds as (select max(day) as last_day from gold_daily_sales),
years as (
  select
    sum(revenue + returned) filter (day > last_day - 365) as revenue_year,
    sum(revenue + returned) filter (day <= last_day - 365 and day > last_day - 730) as revenue_year_before
  from gold_daily_sales, bounds
),
facts as (
  select
    sum(amount) as revenue,
    count(distinct order_id) filter (line_type = 'sale') as orders,
    count(distinct customer_key) as customers,
    sum(quantity) filter (line_type = 'sale') as units,
    -sum(amount) filter (line_type = 'return') / nullif(sum(amount) filter (line_type = 'sale'), 0) as return_rate,
    min(ordered_at)::date as first_day,
    max(ordered_at)::date as last_day
  from gold_fact_transactions
)
select *, revenue / nullif(orders, 0) as average_order_value, revenue_year / nullif(revenue_year_before, 0) - 1 as growth
from facts, years
