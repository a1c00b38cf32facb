-- Customers and what they bring by recency, frequency and monetary value.
select
  coalesce(rfm_segment, 'unknown') as rfm_segment, sum(customers) as customers,
  sum(customers) / nullif(sum(sum(customers)) over (), 0) as share_of_customers,
  sum(revenue) as revenue, sum(revenue) / nullif(sum(sum(revenue)) over (), 0) as share_of_revenue,
  sum(clv) / nullif(sum(customers), 0) as mean_clv, sum(revenue) / nullif(sum(orders), 0) as average_order_value
from gold_customer_segments
group by rfm_segment
order by customers desc, rfm_segment
