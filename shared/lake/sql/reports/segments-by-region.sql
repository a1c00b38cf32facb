-- Customers and what they bring by region as it is now, the 15 largest.
select
  coalesce(c.region, 'unknown') as region, count(*) as customers, sum(u.revenue) as revenue,
  sum(u.clv) / nullif(count(*), 0) as mean_clv
from silver_users u
left join gold_dim_customers c on c.customer_key = u.customer_key and c.is_current
group by region
order by customers desc, region
limit 15
