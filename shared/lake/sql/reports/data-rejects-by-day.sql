-- Rows that went to quarantine by day, repeats and what newer rows took the place of apart: those are no faults.
with rejects as (
  select rejected_on as day, rule from quarantine_products
  union all select rejected_on, rule from quarantine_customers
  union all select rejected_on, rule from quarantine_order_lines
  union all select rejected_on, rule from quarantine_order_headers
  union all select rejected_on, rule from quarantine_ratings
  union all select rejected_on, rule from quarantine_interactions
  union all select rejected_on, rule from quarantine_logins
)
select
  day, count(*) filter (rule not in ('duplicate', 'superseded')) as faults,
  count(*) filter (rule in ('duplicate', 'superseded')) as repeats
from rejects
where day > (select max(day) from rejects) - 90
group by day
order by day
