-- Gini coefficient of popularity: 0 when all items are equally popular, near 1 when one has it all.
-- G = 2 Σ i·x_i / (n Σ x_i) − (n + 1) / n, x ascending.
with items as (select item_id, count(*) as interactions from gold_training_interactions group by item_id),
ranked as (select interactions as x, row_number() over (order by interactions, item_id) as i, count(*) over () as n from items)
select 2 * sum(i * x) / nullif(any_value(n) * sum(x), 0) - (any_value(n) + 1) / nullif(any_value(n), 0) as gini
from ranked
