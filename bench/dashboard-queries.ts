/** What a dashboard's filters are set to. */
export interface Filters {
  /** A month with sales, `2025-03`, and the first of the three months that end with it. */
  month: string
  quarterStart: string
  category: string
  country: string
  productKey: number
  customerKey: string
  /** The states of the customer in dim_customers: what facts are filtered by. */
  customerSks: readonly number[]
}

/** What dashboards ask of gold, by what it is for. */
export const dashboardQueries: Readonly<Record<string, (filters: Filters) => string>> = {
  'revenue by day of a quarter': ({ month, quarterStart }) => `
    select day, sum(revenue + returned) as revenue, sum(orders) as orders from gold_daily_sales
    where month between '${quarterStart}' and '${month}' group by day order by day`,
  'revenue by month, year over year': () => `
    with months as (select month, sum(revenue + returned) as revenue from gold_daily_sales group by month)
    select m.month, m.revenue, m.revenue / b.revenue - 1 as growth from months m
    left join months b on b.month = strftime((m.month || '-01')::date - interval 1 year, '%Y-%m') order by m.month`,
  'categories of a country': ({ country }) => `
    select category, sum(revenue) as revenue, sum(units) as units, sum(returned) / sum(revenue) as returns
    from gold_daily_sales where country = '${country}' group by category order by revenue desc`,
  'channels by weekday of a quarter': ({ month, quarterStart }) => `
    select d.weekday, s.channel, sum(s.revenue) as revenue from gold_daily_sales s join gold_dim_date d using (day)
    where s.month between '${quarterStart}' and '${month}' group by all order by all`,
  'top products of a category in a month': ({ category, month }) => `
    select p.name, sum(f.amount) as revenue from gold_fact_transactions f join gold_dim_products p using (product_key)
    where f.month = '${month}' and p.category = '${category}' group by p.name order by revenue desc limit 20`,
  'order value by channel in a month': ({ month }) => `
    select channel, sum(amount) / count(distinct order_id) as order_value from gold_fact_transactions
    where month = '${month}' group by channel`,
  'returns by category in a month': ({ month }) => `
    select p.category, -sum(f.amount) as returned from gold_fact_transactions f join gold_dim_products p using (product_key)
    where f.month = '${month}' and f.line_type = 'return' group by p.category order by returned desc`,
  'a product’s sales by month': ({ productKey }) => `
    select month, sum(amount) as revenue, sum(quantity) as units from gold_fact_transactions
    where product_key = ${productKey} group by month order by month`,
  'a customer’s newest lines': ({ customerSks }) => `
    select f.ordered_at, f.order_id, p.name, f.quantity, f.amount from gold_fact_transactions f
    left join gold_dim_products p using (product_key)
    where f.customer_sk in (${customerSks.join(', ')}) order by f.ordered_at desc limit 50`,
  'a customer’s states': ({ customerKey }) =>
    `select * from gold_dim_customers where customer_key = '${customerKey}' order by valid_from`,
  'best customers of a month': ({ month }) => `
    select customer_key, sum(amount) as revenue from gold_fact_transactions
    where month = '${month}' and customer_sk <> 0 group by customer_key order by revenue desc limit 20`,
  'segments by churn risk': () => `
    select clv_segment, churn_risk, sum(customers) as customers, sum(revenue) as revenue
    from gold_customer_segments group by all order by all`,
  'segments of a country by age': ({ country }) => `
    select age_group, rfm_segment, sum(customers) as customers from gold_customer_segments
    where country = '${country}' group by all order by all`,
}
