-- The newest 90 days; days without a sale count as 0.
with bounds as (select max(day) as last_day from gold_daily_sales),
days as (select unnest(generate_series(last_day - 89, last_day, interval 1 day))::date as day from bounds),
sales as (select day, sum(revenue + returned) as revenue from gold_daily_sales group by day),
filled as (select day, coalesce(revenue, 0) as revenue from days left join sales using (day))
select day, revenue, avg(revenue) over (order by day rows between 6 preceding and current row) as mean_of_7_days
from filled
order by day
