-- Rows in quarantine by table and rule.
with rejects as (
  select 'products' as rows_of, rule, rejected_at from quarantine_products
  union all select 'customers', rule, rejected_at from quarantine_customers
  union all select 'order_lines', rule, rejected_at from quarantine_order_lines
  union all select 'order_headers', rule, rejected_at from quarantine_order_headers
  union all select 'ratings', rule, rejected_at from quarantine_ratings
  union all select 'interactions', rule, rejected_at from quarantine_interactions
  union all select 'logins', rule, rejected_at from quarantine_logins
)
select rows_of, rule, count(*) as rows, max(rejected_at) as last_at
from rejects
group by rows_of, rule
order by rows desc, rows_of, rule
