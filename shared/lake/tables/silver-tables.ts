import { type Columns, table } from './table.ts'

/** The shop's time in parts (UTC). */
const timeParts: Columns = {
  day: ['date', 'day, UTC'],
  month: ['string', 'month, UTC: 2026-01'],
  hour: ['integer', '0 to 23'],
  weekday: ['integer', '1 Monday to 7 Sunday'],
  season: ['string', 'winter, spring, summer, autumn (north)'],
  is_weekend: ['boolean', 'Saturday or Sunday'],
}
const byMonth = ['month']

export const silverProducts = table('silver/products', {
  about: 'The catalogue as it is now: files and changes merged in order; deleted items stay as tombstones',
  columns: {
    item_id: ['string', 'key'],
    name: ['string', 'name'],
    brand: ['string', 'brand'],
    category: ['string', 'category, conformed: one spelling for all'],
    category_raw: ['string', 'category as the shop wrote it'],
    price: ['double', 'price in the shop’s currency'],
    cost: ['double', 'what the shop pays for it'],
    price_band: ['string', 'budget, mid, premium: thirds of the prices of its category'],
    in_stock: ['boolean', 'can be sold'],
    stock: ['long', 'pieces in stock'],
    description: ['string', 'text'],
    image_url: ['string', 'picture'],
    tags: ['string', 'tags, with | between them; an empty text: it is told to have none'],
    channels: ['string', 'where it is sold, with | between them; without any, everywhere'],
    regions: ['string', 'regions it is sold in, with | between them; without any, everywhere'],
    min_age: ['integer', 'age in years that a customer must have'],
    hidden: ['boolean', 'not to be recommended, though it can be bought'],
    is_deleted: ['boolean', 'a tombstone: not sold any more'],
    first_seen_at: ['timestamp', 'when the lake first knew it'],
    updated_at: ['timestamp', 'when it was changed last'],
    _row_hash: ['string', 'of what it holds: equal hashes, equal rows'],
  },
})

export const silverCustomers = table('silver/customers', {
  about: 'Customers with their history (SCD type 2): one row for each time something about them was different',
  columns: {
    user_id: ['string', 'the shop’s id'],
    customer_key: ['string', 'HMAC-SHA256 of user_id, 32 hexadecimal digits: the pseudonym gold uses'],
    name_masked: ['string', 'first letter of each name'],
    email_masked: ['string', 'ab***@domain.com'],
    email_key: ['string', 'HMAC-SHA256 of the e-mail'],
    phone_masked: ['string', 'last two digits'],
    country: ['string', 'country'],
    region: ['string', 'region'],
    city: ['string', 'city'],
    birth_year: ['integer', 'year of birth'],
    age_group: ['string', 'under 18, 18-24, 25-34, 35-44, 45-54, 55-64, 65+'],
    gender: ['string', 'gender, conformed: female, male, other'],
    signup_date: ['date', 'since when a customer'],
    loyalty_program: ['string', 'what the shop calls the customer’s programme'],
    valid_from: ['timestamp', 'from when this was true'],
    valid_to: ['timestamp', 'until when, exclusive; absent while it is'],
    is_current: ['boolean', 'the newest row of the customer'],
    is_deleted: ['boolean', 'a tombstone: a customer no more'],
    _row_hash: ['string', 'of what it holds, without the times'],
  },
})

export const silverOrderHeaders = table('silver/order_headers', {
  about: 'Orders that came apart from their lines, each once: what their lines have in common',
  columns: {
    order_id: ['string', 'key'],
    user_id: ['string', 'who ordered; absent for a guest'],
    ordered_at: ['timestamp', 'when'],
    channel: ['string', 'web, app, store …, conformed; web unless told'],
    status: ['string', 'of the order, conformed'],
    country: ['string', 'where to'],
    currency: ['string', 'ISO 4217'],
    total: ['double', 'what was paid for the order'],
    _ingested_at: ['timestamp', 'when bronze got it'],
    _row_hash: ['string', 'of the row as received'],
  },
})

export const silverOrderLines = table('silver/order_lines', {
  about: 'Order lines, each once: sales and returns (`transactions_cleaned`)',
  columns: {
    line_key: ['string', 'order and line, or order and content where lines have no number'],
    order_id: ['string', 'order'],
    user_id: ['string', 'who ordered; absent for a guest'],
    customer_key: ['string', 'pseudonym of user_id'],
    item_id: ['string', 'item'],
    ordered_at: ['timestamp', 'when'],
    line_type: ['string', 'sale, or return for a negative quantity'],
    quantity: ['long', 'pieces; negative for a return'],
    unit_price: ['double', 'price of one piece'],
    discount: ['double', 'amount off the line'],
    amount: ['double', 'quantity × unit_price − discount'],
    channel: ['string', 'web, app, store …, in lower case; web unless told'],
    status: ['string', 'of the order, in lower case'],
    country: ['string', 'where to'],
    currency: ['string', 'ISO 4217'],
    ...timeParts,
    _ingested_at: ['timestamp', 'when bronze got it'],
    _row_hash: ['string', 'of the row as received'],
  },
  partitionBy: byMonth,
})

export const silverRatings = table('silver/ratings', {
  about: 'Ratings of files and of the hub, the newest of each user and item',
  columns: {
    user_id: ['string', 'who'],
    customer_key: ['string', 'pseudonym of user_id'],
    item_id: ['string', 'what'],
    rating: ['double', '1 to 5'],
    rated_at: ['timestamp', 'when'],
    day: ['date', 'day, UTC'],
    _ingested_at: ['timestamp', 'when bronze got it'],
    _row_hash: ['string', 'of the row as received'],
  },
})

export const silverInteractions = table('silver/interactions', {
  about: 'Interactions, each event once',
  columns: {
    event_id: ['string', 'key'],
    user_id: ['string', 'who; session: and the session_id for a visitor'],
    customer_key: ['string', 'pseudonym of user_id; absent for a visitor'],
    item_id: ['string', 'what'],
    event_type: ['string', 'view, click, add_to_cart, purchase, rating, feedback, impression'],
    happened_at: ['timestamp', 'when'],
    session_id: ['string', 'session as the shop numbers it'],
    order_id: ['string', 'order of a purchase'],
    quantity: ['long', 'pieces'],
    value: ['double', 'of a rating or of feedback'],
    price: ['double', 'price that was shown'],
    referrer: ['string', 'where from'],
    device: ['string', 'device'],
    recommendation_id: ['string', 'the list that an impression or what followed it came from'],
    position: ['integer', 'place in that list, from 1'],
    propensity: ['double', 'probability with which the item was shown there'],
    ...timeParts,
    _ingested_at: ['timestamp', 'when bronze got it'],
    _row_hash: ['string', 'of the event as received'],
  },
  partitionBy: byMonth,
})

export const silverLogins = table('silver/logins', {
  about: 'Whose a session was, each login once: what a visitor did in it is the user’s in training tables',
  columns: {
    event_id: ['string', 'key'],
    user_id: ['string', 'who logged in'],
    customer_key: ['string', 'pseudonym of user_id'],
    session_id: ['string', 'in which session; of several users the first has it'],
    happened_at: ['timestamp', 'when'],
    day: ['date', 'day, UTC'],
    _ingested_at: ['timestamp', 'when bronze got it'],
    _row_hash: ['string', 'of the event as received'],
  },
})

export const silverOrders = table('silver/orders', {
  about: 'Orders, added up from their lines',
  columns: {
    order_id: ['string', 'key'],
    user_id: ['string', 'who; absent for a guest'],
    customer_key: ['string', 'pseudonym of user_id'],
    ordered_at: ['timestamp', 'when: its first line'],
    channel: ['string', 'web, app, store …'],
    status: ['string', 'in lower case'],
    country: ['string', 'where to'],
    lines: ['long', 'lines'],
    items: ['long', 'different items'],
    units: ['long', 'pieces sold'],
    revenue: ['double', 'amount of its sales'],
    returned: ['double', 'amount of its returns, ≤ 0'],
    day: ['date', 'day, UTC'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const silverSessions = table('silver/sessions', {
  about: 'Sessions: a user’s interactions without half an hour’s pause, within one day (UTC)',
  columns: {
    session_key: ['string', 'pseudonym, or visitor, and first moment'],
    user_id: ['string', 'who; session: and the session_id for a visitor'],
    customer_key: ['string', 'pseudonym of user_id; absent for a visitor'],
    started_at: ['timestamp', 'first interaction'],
    ended_at: ['timestamp', 'last interaction'],
    events: ['long', 'interactions'],
    items: ['long', 'different items'],
    views: ['long', 'views and clicks'],
    carts: ['long', 'items put into the cart'],
    purchases: ['long', 'items bought'],
    device: ['string', 'the device used most'],
    day: ['date', 'day, UTC'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const silverBaskets = table('silver/baskets', {
  about: 'What was bought together: by order, else by session, else by day (F14)',
  columns: {
    basket_key: ['string', 'order, session or user and day'],
    user_id: ['string', 'who; absent for a guest'],
    bought_at: ['timestamp', 'when'],
    item_id: ['string', 'one item of it: a row an item'],
    quantity: ['long', 'pieces'],
    month: ['string', 'month, UTC'],
  },
  partitionBy: byMonth,
})

export const silverUsers = table('silver/users', {
  about: 'Customers by what they did, as of the newest order (F01-F03)',
  columns: {
    user_id: ['string', 'key'],
    customer_key: ['string', 'pseudonym of user_id'],
    first_order_at: ['timestamp', 'first sale'],
    last_order_at: ['timestamp', 'last sale'],
    orders: ['long', 'orders with a sale'],
    units: ['long', 'pieces sold'],
    revenue: ['double', 'sales and returns together'],
    average_order_value: ['double', 'revenue an order'],
    recency_days: ['integer', 'days from the last sale to the newest order of all'],
    frequency: ['long', 'orders: F of RFM'],
    monetary: ['double', 'revenue: M of RFM'],
    r_score: ['integer', '1 to 5, 5 the most recent fifth'],
    f_score: ['integer', '1 to 5'],
    m_score: ['integer', '1 to 5'],
    rfm_segment: ['string', 'champions, loyal, new, at risk, lost, others'],
    clv: ['double', 'revenue expected in a year: average order value × orders a year × chance to be alive'],
    clv_segment: ['string', 'Diamond, Gold, Silver, Bronze: quarters by clv'],
    churn_risk: ['string', 'low, medium, high: recency against the customer’s own rhythm'],
    churn_score: ['double', '0 to 1'],
    loyalty_tier: ['string', 'platinum, gold, silver, member: by orders and revenue of the last year'],
    as_of: ['timestamp', 'the newest order of all'],
  },
})

export const silverImplicitScores = table('silver/implicit_scores', {
  about: 'How much a user cares for an item: .4 rating + .3 purchase + .2 recency + .1 quantity (F13)',
  columns: {
    user_id: ['string', 'who'],
    item_id: ['string', 'what'],
    score: ['double', '0 to 1'],
    rating_score: ['double', 'rating / 5; 0 without one'],
    purchase_score: ['double', 'orders of the item, 1 at five or more'],
    recency_score: ['double', 'halves every 30 days'],
    quantity_score: ['double', 'pieces, 1 at ten or more'],
    last_at: ['timestamp', 'last purchase or rating'],
  },
})

export const silverTables = [
  silverProducts,
  silverCustomers,
  silverOrderHeaders,
  silverOrderLines,
  silverRatings,
  silverInteractions,
  silverLogins,
  silverOrders,
  silverSessions,
  silverBaskets,
  silverUsers,
  silverImplicitScores,
] as const
