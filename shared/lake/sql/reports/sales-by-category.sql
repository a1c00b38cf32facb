-- Share is of all revenue; growth is the newest 365 days against the 365 before.
with bounds as (select max(day) as last_day from gold_daily_sales),
sales as (
  select
    coalesce(category, 'unknown') as category,
    sum(revenue + returned) as revenue,
    sum(units) as units,
    -sum(returned) / nullif(sum(revenue), 0) as return_rate,
    sum(revenue + returned) filter (day > last_day - 365)
      / nullif(sum(revenue + returned) filter (day <= last_day - 365 and day > last_day - 730), 0) - 1 as growth
  from gold_daily_sales, bounds
  group by all
)
select category, revenue, revenue / nullif(sum(revenue) over (), 0) as share, units, return_rate, growth
from sales
order by revenue desc, category
