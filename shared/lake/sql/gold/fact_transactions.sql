-- Order lines by keys. A customer's state is the one of the time of the order; who has none yet gets the key that the
-- first state will have.
with
  products as (select item_id, surrogate_key(item_id) as product_key from (select distinct item_id from silver_order_lines))
select
  fact_key(l.line_key) as transaction_key,
  l.order_id,
  (year(l.day) * 10000 + month(l.day) * 100 + day(l.day))::integer as date_key,
  coalesce(p.product_key, 0) as product_key,
  case
    when l.customer_key is null then 0
    else coalesce(s.customer_sk, first_state_key(l.customer_key))
  end as customer_sk,
  l.customer_key, l.ordered_at, l.line_type, l.channel, l.country, l.quantity, l.unit_price, l.discount, l.amount,
  l.month
from silver_order_lines l
left join products p using (item_id)
left join customer_states s
  on s.customer_key = l.customer_key and l.ordered_at >= s.valid_from and l.ordered_at < s.valid_to
