import { type Columns, table } from './table.ts'

/** On every row of bronze, whatever the source (I10). */
const provenance: Columns = {
  _ingested_at: ['timestamp', 'when the row came into the lake'],
  _batch_id: ['string', 'what it came with: a file and its content, or a partition and the first sequence number'],
  _row_hash: ['string', 'first 16 hexadecimal digits of the sha256 of the row as received'],
  _source: ['string', 'the file in landing/, or hub and partition'],
  _row: ['long', 'row of the file, from 1 after the header, or sequence number'],
  schemaVersion: ['integer', 'version of the contract the row was read by'],
  _ingested_on: ['date', 'day of _ingested_at'],
}
const partitionBy = ['_ingested_on']

/** Columns of files stay texts, as received: silver gives them types. Columns nobody knows are added as they come. */
const texts = (columns: Readonly<Record<string, string>>): Columns =>
  Object.fromEntries(Object.entries(columns).map(([name, about]) => [name, ['string', about] as const]))

export const bronzeOrders = table('bronze/orders', {
  about: 'Orders as an ERP delivers them: a row an order, or with item_id a row an order line',
  columns: {
    ...texts({
      order_id: 'order',
      user_id: 'who ordered; customer_id in files',
      ordered_at: 'when; timestamp or order_ts in files',
      channel: 'web, app, store …',
      status: 'paid, shipped, cancelled …',
      country: 'where to',
      currency: 'ISO 4217',
      total: 'what was paid for the order',
      line_no: 'line of the order',
      item_id: 'item of the line; product_id in files',
      quantity: 'pieces; negative for a return',
      unit_price: 'price of one piece; price in files',
      discount: 'amount off the line',
      attributes_json: 'anything else, as JSON',
    }),
    ...provenance,
  },
  partitionBy,
})

export const bronzeOrderItems = table('bronze/order_items', {
  about: 'Order lines where they come apart from their orders',
  columns: {
    ...texts({
      order_id: 'order',
      line_no: 'line of the order',
      item_id: 'item; product_id in files',
      quantity: 'pieces; negative for a return',
      unit_price: 'price of one piece; price in files',
      discount: 'amount off the line',
    }),
    ...provenance,
  },
  partitionBy,
})

export const bronzeProducts = table('bronze/products', {
  about: 'Products as files deliver them',
  columns: {
    ...texts({
      item_id: 'item; product_id in files',
      name: 'name; title in files',
      category: 'category as the shop names it',
      brand: 'brand',
      price: 'price; unit_price in files',
      cost: 'what the shop pays for it',
      in_stock: 'true or false',
      stock: 'pieces in stock',
      tags: 'tags, with | between them, or a JSON list',
      channels: 'where it is sold, likewise; without any, everywhere',
      regions: 'regions it is sold in, likewise; without any, everywhere',
      min_age: 'age in years that a customer must have; minimum_age in files',
      hidden: 'true: not to be recommended',
      description: 'text',
      image_url: 'picture',
      updated_at: 'when the shop changed it',
    }),
    ...provenance,
  },
  partitionBy,
})

export const bronzeCustomers = table('bronze/customers', {
  about: 'Customers as files deliver them; names, e-mail and phone are masked before they are stored (I16)',
  columns: {
    ...texts({
      user_id: 'customer; customer_id in files',
      name_masked: 'first letter of each name',
      email_masked: 'ab***@domain.com',
      email_key: 'HMAC-SHA256 of the e-mail in lower case, 32 hexadecimal digits',
      phone_masked: 'last two digits',
      country: 'country',
      region: 'region',
      city: 'city',
      birth_date: 'date of birth',
      birth_year: 'year of birth, where there is no date',
      age: 'age in years, where there is neither',
      gender: 'gender',
      signup_date: 'since when a customer',
      loyalty_program: 'what the shop calls the customer’s programme',
      updated_at: 'when the shop changed it',
    }),
    ...provenance,
  },
  partitionBy,
})

export const bronzeRatings = table('bronze/ratings', {
  about: 'Ratings as files deliver them',
  columns: {
    ...texts({
      user_id: 'who rated; customer_id in files',
      item_id: 'what; product_id in files',
      rating: '1 to 5',
      rated_at: 'when; timestamp in files',
      review: 'text',
    }),
    ...provenance,
  },
  partitionBy,
})

/** Of hubs: the message as it came, and where it stood in its partition. */
const envelope: Columns = {
  _partition: ['string', 'partition of the hub'],
  _sequence_number: ['long', 'place in the partition'],
  _enqueued_at: ['timestamp', 'when the hub took it'],
}

export const bronzeInteractions = table('bronze/interactions', {
  about: 'Interactions of the hub `interactions` that fit the event contract',
  columns: { event: ['string', 'the event as received, JSON'], ...envelope, ...provenance },
  partitionBy,
})

export const bronzeCatalogChanges = table('bronze/catalog_changes', {
  about: 'Changes of the hub `catalog-changes` that fit their contract (I07)',
  columns: { change: ['string', 'the change as received, JSON; personal fields masked'], ...envelope, ...provenance },
  partitionBy,
})

export const bronzeTables = [
  bronzeOrders,
  bronzeOrderItems,
  bronzeProducts,
  bronzeCustomers,
  bronzeRatings,
  bronzeInteractions,
  bronzeCatalogChanges,
] as const
