-- Customers who ever ordered.
select
  sum(customers) as customers, sum(orders) as orders, sum(revenue) as revenue, sum(clv) as clv,
  sum(revenue) / nullif(sum(orders), 0) as average_order_value,
  sum(customers) filter (churn_risk = 'high') / nullif(sum(customers), 0) as high_churn_share,
  max(as_of) as as_of
from gold_customer_segments
