-- Mean revenue of a day, by weekday.
with days as (select day, sum(revenue + returned) as revenue from gold_daily_sales group by day)
select dayname(day) as weekday, avg(revenue) as mean_revenue, count(*) as days
from days
group by weekday, isodow(day)
order by isodow(day)
