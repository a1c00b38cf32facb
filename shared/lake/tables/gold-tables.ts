import { table } from './table.ts'

const byMonth = ['month']

export const dimDate = table('gold/dim_date', {
  about: 'Days from the first to the last of the facts, whole years',
  columns: {
    date_key: ['integer', 'key: 20260131'],
    day: ['date', 'day'],
    year: ['integer', 'year'],
    quarter: ['integer', '1 to 4'],
    month_number: ['integer', '1 to 12'],
    month: ['string', '2026-01'],
    month_name: ['string', 'January'],
    week: ['integer', 'ISO week'],
    weekday: ['integer', '1 Monday to 7 Sunday'],
    weekday_name: ['string', 'Monday'],
    is_weekend: ['boolean', 'Saturday or Sunday'],
    season: ['string', 'winter, spring, summer, autumn (north)'],
  },
})

export const dimProducts = table('gold/dim_products', {
  about: 'Products; the row with product_key 0 stands for what is unknown',
  columns: {
    product_key: ['long', 'surrogate key: a hash of item_id, the same in every rebuild'],
    item_id: ['string', 'item'],
    name: ['string', 'name'],
    brand: ['string', 'brand'],
    category: ['string', 'category, conformed'],
    price: ['double', 'price'],
    price_band: ['string', 'budget, mid, premium'],
    cost: ['double', 'what the shop pays for it'],
    margin: ['double', '(price − cost) / price'],
    in_stock: ['boolean', 'can be sold'],
    tags: ['string', 'tags, with | between them'],
    channels: ['string', 'where it is sold, with | between them; without any, everywhere'],
    regions: ['string', 'regions it is sold in, with | between them; without any, everywhere'],
    min_age: ['integer', 'age in years that a customer must have'],
    hidden: ['boolean', 'not to be recommended'],
    is_deleted: ['boolean', 'not sold any more'],
  },
})

export const dimCustomers = table('gold/dim_customers', {
  about: 'Customers by pseudonym, a row for each state they were in (SCD type 2); customer_sk 0 stands for guests',
  columns: {
    customer_sk: ['long', 'surrogate key: a hash of pseudonym and valid_from'],
    customer_key: ['string', 'pseudonym'],
    country: ['string', 'country'],
    region: ['string', 'region'],
    age_group: ['string', '18-24, 25-34 …'],
    gender: ['string', 'gender'],
    signup_date: ['date', 'since when a customer'],
    rfm_segment: ['string', 'of now'],
    clv_segment: ['string', 'of now: Diamond, Gold, Silver, Bronze'],
    churn_risk: ['string', 'of now: low, medium, high'],
    loyalty_tier: ['string', 'of now'],
    valid_from: ['timestamp', 'from when this was true'],
    valid_to: ['timestamp', 'until when, exclusive'],
    is_current: ['boolean', 'the newest row of the customer'],
  },
})

export const factTransactions = table('gold/fact_transactions', {
  about: 'Order lines with surrogate keys',
  columns: {
    transaction_key: ['long', 'surrogate key: a hash of line_key'],
    order_id: ['string', 'order'],
    date_key: ['integer', 'dim_date'],
    product_key: ['long', 'dim_products; 0 unknown'],
    customer_sk: ['long', 'dim_customers, the state at the time; 0 guest'],
    customer_key: ['string', 'pseudonym'],
    ordered_at: ['timestamp', 'when'],
    line_type: ['string', 'sale or return'],
    channel: ['string', 'web, app, store …'],
    country: ['string', 'where to'],
    quantity: ['long', 'pieces'],
    unit_price: ['double', 'price of one piece'],
    discount: ['double', 'amount off'],
    amount: ['double', 'what the line brought'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const dailySales = table('gold/daily_sales', {
  about: 'Sales by day, category, channel and country (U01, U08)',
  columns: {
    day: ['date', 'day'],
    category: ['string', 'category'],
    channel: ['string', 'channel'],
    country: ['string', 'country'],
    orders: ['long', 'different orders'],
    customers: ['long', 'different customers'],
    units: ['long', 'pieces sold'],
    revenue: ['double', 'amount of sales'],
    returned: ['double', 'amount of returns, ≤ 0'],
    month: ['string', 'month'],
  },
  partitionBy: byMonth,
})

export const customerSegments = table('gold/customer_segments', {
  about: 'Customers and what they bring by segment, churn risk, tier, country and age (U02, U08)',
  columns: {
    clv_segment: ['string', 'Diamond, Gold, Silver, Bronze'],
    rfm_segment: ['string', 'champions, loyal …'],
    churn_risk: ['string', 'low, medium, high'],
    loyalty_tier: ['string', 'platinum, gold, silver, member'],
    country: ['string', 'country'],
    age_group: ['string', '18-24 …'],
    customers: ['long', 'customers'],
    orders: ['long', 'orders'],
    revenue: ['double', 'revenue'],
    clv: ['double', 'sum of expected revenue'],
    as_of: ['timestamp', 'the newest order of all'],
  },
})

export const recommendationMetrics = table('gold/recommendation_metrics', {
  about: 'How lists did, by day and list: shown, clicked, put into the cart, bought (U03, U08)',
  columns: {
    day: ['date', 'day of the impression'],
    model_version: ['string', 'the generation that was live'],
    category: ['string', 'category of the item shown'],
    impressions: ['long', 'items shown'],
    clicks: ['long', 'of them viewed or clicked within a day'],
    carts: ['long', 'put into the cart within a day'],
    purchases: ['long', 'bought within seven days'],
    revenue: ['double', 'price shown × pieces of what was bought'],
    users: ['long', 'different users'],
    items: ['long', 'different items'],
  },
})

export const trainingInteractions = table('gold/training_interactions', {
  about: 'What models learn from: order lines and interactions, a purchase once however it came',
  columns: {
    user_id: ['string', 'who; of a visitor the user who logged in to the session, else session: and the session_id'],
    item_id: ['string', 'what'],
    event_type: ['string', 'as in the event contract; never impression'],
    happened_at: ['timestamp', 'when'],
    value: ['double', 'of a rating or of feedback; 0 otherwise'],
    quantity: ['long', 'pieces'],
    basket: ['string', 'what it was bought with; absent when it is no purchase'],
    identity: ['string', 'order and item, or event: what makes a second copy known'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const trainingBaskets = table('gold/training_baskets', {
  about: 'Baskets of at least two items, for rules and co-purchase',
  columns: {
    basket_key: ['string', 'basket'],
    items: ['long', 'different items'],
    item_ids: ['string', 'items in order, one line each'],
    bought_at: ['timestamp', 'when'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const trainingImpressions = table('gold/training_impressions', {
  about: 'What was shown, and what came of it (E23)',
  columns: {
    event_id: ['string', 'key: the impression'],
    recommendation_id: ['string', 'list'],
    user_id: ['string', 'who'],
    item_id: ['string', 'what'],
    position: ['integer', 'place in the list'],
    propensity: ['double', 'probability with which it was shown there'],
    price: ['double', 'price that was shown'],
    shown_at: ['timestamp', 'when'],
    clicked: ['boolean', 'viewed or clicked within a day'],
    carted: ['boolean', 'put into the cart within a day'],
    purchased: ['boolean', 'bought within seven days'],
    outcome_at: ['timestamp', 'the first of these'],
    pieces: ['long', 'bought within seven days, after no later impression'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

/** What was served, one generation after the other: appended when a refresh goes live. */
const served = {
  generation: ['long', 'generation'],
  model_version: ['string', 'the run that made it'],
  generated_at: ['timestamp', 'when'],
} as const

export const goldAssocRules = table('gold/assoc_rules', {
  about: 'Association rules as published',
  columns: {
    antecedent: ['string', 'items of the left side, ascending, a line each'],
    consequent: ['string', 'item'],
    antecedent_items: ['integer', 'how many items the left side has'],
    support: ['double', 'share of all baskets with both'],
    confidence: ['double', 'share of the antecedent’s baskets with the consequent'],
    lift: ['double', 'confidence over the consequent’s share'],
    leverage: ['double', 'support beyond what chance gives: support − support ÷ lift'],
    conviction: ['double', 'how much more often chance would fail; empty when the rule never fails'],
    ...served,
  },
  partitionBy: ['generation'],
})

export const goldItemSim = table('gold/item_sim', {
  about: 'Neighbours of items as published',
  columns: {
    item_id: ['string', 'item'],
    kind: ['string', 'als, copurchase or viewed'],
    neighbour_id: ['string', 'item'],
    similarity: ['double', 'cosine'],
    rank: ['integer', 'from 1'],
    ...served,
  },
  partitionBy: ['generation'],
})

export const goldUserTopn = table('gold/user_topn', {
  about: 'Personal lists as published',
  columns: {
    user_id: ['string', 'user'],
    item_id: ['string', 'item'],
    score: ['double', 'score'],
    rank: ['integer', 'from 1'],
    ...served,
  },
  partitionBy: ['generation'],
})

export const goldModelMetrics = table('gold/model_metrics', {
  about: 'Certificates of models, a row a figure',
  columns: {
    metric: ['string', 'name of the figure'],
    value: ['double', 'figure'],
    ...served,
  },
})

export const goldTables = [
  dimDate,
  dimProducts,
  dimCustomers,
  factTransactions,
  dailySales,
  customerSegments,
  recommendationMetrics,
  trainingInteractions,
  trainingBaskets,
  trainingImpressions,
  goldAssocRules,
  goldItemSim,
  goldUserTopn,
  goldModelMetrics,
] as const
