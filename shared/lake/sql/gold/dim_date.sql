-- Every day of the years in which anything happened.
with
  facts as (
    select min(day) as first_day, max(day) as last_day from silver_order_lines
    union all
    select min(day), max(day) from silver_interactions
  ),
  span as (select min(first_day) as first_day, max(last_day) as last_day from facts),
  days as (
    select
      unnest(
        range(date_trunc('year', first_day), date_trunc('year', last_day) + interval 1 year, interval 1 day)
      )::date as day
    from span
    where first_day is not null
  )
select
  strftime(day, '%Y%m%d')::integer as date_key,
  day,
  year(day) as year,
  quarter(day) as quarter,
  month(day) as month_number,
  strftime(day, '%Y-%m') as month,
  strftime(day, '%B') as month_name,
  weekofyear(day) as week,
  isodow(day) as weekday,
  strftime(day, '%A') as weekday_name,
  isodow(day) >= 6 as is_weekend,
  case quarter(day + interval 1 month)
    when 1 then 'winter' when 2 then 'spring' when 3 then 'summer' else 'autumn'
  end as season
from days
order by day
