-- Revenue by category, by channel and by country, each for itself; of each the 15 names that bring the most. Share is of all
-- revenue; growth is the newest 365 days against the 365 before.
with bounds as (select max(day) as last_day from gold_daily_sales),
sales as (
  select
    dimension, name,
    sum(revenue + returned) as revenue,
    sum(units) as units,
    -sum(returned) / nullif(sum(revenue), 0) as return_rate,
    sum(revenue + returned) filter (day > last_day - 365)
      / nullif(sum(revenue + returned) filter (day <= last_day - 365 and day > last_day - 730), 0) - 1 as growth
  from (
    select
      day, revenue, returned, units,
      unnest(['category', 'channel', 'country']) as dimension,
      unnest([coalesce(category, 'unknown'), coalesce(channel, 'unknown'), coalesce(country, 'unknown')]) as name
    from gold_daily_sales
  ), bounds
  group by dimension, name
)
select
  dimension, name, revenue, revenue / nullif(sum(revenue) over (partition by dimension), 0) as share, units, return_rate, growth
from sales
qualify row_number() over (partition by dimension order by revenue desc, name) <= 15
order by dimension, revenue desc, name
