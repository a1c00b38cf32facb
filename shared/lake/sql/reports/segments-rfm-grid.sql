-- Customers by recency and frequency, fifths from 1 to 5; 5 is the most recent and the most frequent.
select
  r.score as recency, f.score as frequency, count(u.user_id) as customers, coalesce(sum(u.revenue), 0) as revenue
from range(1, 6) r(score)
cross join range(1, 6) f(score)
left join silver_users u on u.r_score = r.score and u.f_score = f.score
group by all
order by recency desc, frequency
