select
  u.clv_segment, u.rfm_segment, u.churn_risk, u.loyalty_tier,
  coalesce(c.country, 'unknown') as country,
  coalesce(c.age_group, 'unknown') as age_group,
  count(*) as customers,
  sum(u.orders) as orders,
  sum(u.revenue) as revenue,
  sum(u.clv) as clv,
  max(u.as_of) as as_of
from silver_users u left join silver_customers c on c.customer_key = u.customer_key and c.is_current
group by all
order by all
