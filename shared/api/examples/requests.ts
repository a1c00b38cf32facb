import type { ExampleRequest } from './example.ts'

const pen = { path: { id: 'pen' } }
const ben = { path: { id: 'ben' } }
const anna = { path: { id: 'anna' } }
const event = {
  ...{ user_id: 'anna', event_type: 'purchase', item_id: 'pen', quantity: 2, value: 3 },
  ...{ ts: '2026-01-01T00:30:00Z', event_id: '7f0c2f5e-52b4-4d1e-9d5b-6f6c1f8f0a01' },
}

/** Requests of each operation by a title, as a developer would send them to a shop of six products. */
export const exampleRequests: Readonly<Record<string, Readonly<Record<string, ExampleRequest>>>> = {
  'recommend-user': {
    'Three items for Anna': { ...anna, query: { limit: '3' } },
    'Somebody new': { path: { id: 'nobody' }, query: { limit: '2', category: 'Kitchen' } },
  },
  'recommend-session': {
    'What goes with a visit': { path: { id: 's1' }, query: { limit: '2', filter: 'price < 5', channel: 'web' } },
  },
  'recommend-item': {
    'Similar items': { ...pen, query: { limit: '2' } },
    'Bought together': { ...pen, query: { limit: '1', placement: 'bought_together' } },
    'An item that is none': { path: { id: 'unicorn' } },
  },
  'recommend-category': {
    'A category’s page for Anna': { path: { category: 'Kitchen' }, query: { user: 'anna', limit: '2' } },
  },
  'recommend-cart': { 'Add-ons for a cart': { query: { items: 'pen,ink', limit: '2' } } },
  'recommend-cart-posted': {
    'At the checkout': { body: { items: ['pen', 'ink'], placement: 'checkout', limit: 2, user_id: 'anna' } },
  },
  'recommend-search': { 'What a search found': { body: { items: ['pen', 'tea', 'ink'], user_id: 'anna', limit: 3 } } },
  'why-not': { 'Why is the cup not listed?': { path: { id: 'anna', item: 'cup' }, query: { limit: '3' } } },
  trending: {
    'The whole shop': { query: { limit: '2' } },
    'A limit that is none': { query: { limit: 'many' } },
  },
  rules: { 'What is bought with the pen': { ...pen, query: { limit: '1', min_confidence: '0.6' } } },
  products: {
    'The first page': { query: { limit: '2' } },
    'The dearest of a category': { query: { limit: '1', category: 'Kitchen', sort: '-price' } },
  },
  product: { 'The pen': pen },
  'product-create': {
    'A new product': {
      body: { item_id: 'mug', name: 'A mug', price: 8.5, category: 'Kitchen', brand: 'Acme', tags: ['new'], stock: 12 },
    },
    'One that is there already': { body: { item_id: 'pen', name: 'The pen', price: 1 } },
  },
  'product-set': {
    'The pen, in full': { ...pen, body: { name: 'The pen', price: 1.2, category: 'Office', stock: 100 } },
  },
  'product-patch': { 'The pen gets dearer': { ...pen, body: { price: 1.4 } } },
  'product-delete': { 'No more pens': pen },
  categories: { 'All categories': {} },
  users: { 'Customers of Malta': { query: { country: 'Malta', limit: '2' } } },
  user: { 'The record of Ben': ben },
  'user-create': { 'A new customer': { body: { user_id: 'cleo', country: 'Malta', birth_year: 1990 } } },
  'user-set': { 'The record of Ben, in full': { ...ben, body: { country: 'Malta', loyalty_program: 'friends' } } },
  'user-patch': { 'Ben moved': { ...ben, body: { country: 'Italy' } } },
  'user-delete': { 'Ben’s record goes': ben },
  'user-interactions': { 'What Anna did last': { ...anna, query: { limit: '2' } } },
  feedback: { 'Thumbs up for the pen': { ...anna, body: { item_id: 'pen', value: 'up' } } },
  'user-profile': { 'What is known of Anna': anna },
  preferences: { 'Anna told nothing so far': anna },
  'preferences-set': {
    'Anna likes the kitchen': { ...anna, body: { categories: ['Kitchen'] } },
  },
  audit: { 'What was done this year': { query: { from: '2026-01-01T00:00:00Z', limit: '2' } } },
  consent: { 'Anna told nothing so far': anna },
  'consent-set': { 'Anna opts out': { ...anna, body: { personalization: false, tracking: false } } },
  'person-export': { 'All that is kept of Ben': { path: { id: 'ben' } } },
  'erasure-request': { 'Anna is to be erased': { body: { user_id: 'anna' } } },
  erasures: { 'What was erased': { query: { status: 'completed', limit: '5' } } },
  erasure: {
    'One that is done': { path: { id: `erasure-${'0'.repeat(32)}` } },
    'One that there is not': { path: { id: `erasure-${'1'.repeat(32)}` } },
  },
  'tombstone-lift': {
    'Gone comes back': { path: { id: 'gone' } },
    'Somebody who was never erased': anna,
  },
  interactions: {
    'A purchase': { body: event },
    'Two events, one of which is none': {
      body: [event, { user_id: 'anna', event_type: 'stare', item_id: 'pen' }],
    },
  },
  'batch-trigger': { 'A refresh': { body: { job: 'refresh', refit: true } } },
  'batch-status': { 'The newest refresh': {} },
  'batch-jobs': { 'All jobs': { query: { kind: 'refresh', limit: '5' } } },
  'batch-logs': {
    'The log of a refresh': { path: { job: 'refresh-0000000100004000' } },
    'A job that there is not': { path: { job: 'refresh-0123456789abcdef' } },
  },
  'batch-cancel': { 'The last refresh, which has ended': { path: { job: 'refresh-0000000100004000' } } },
  models: { 'What is published': {} },
  'models-rollback': { 'Back to the model before': { body: { from: 'v2' } } },
  'cache-stats': { 'Of an instance that has just begun': {} },
  'cache-drop': { 'Anna is read anew': anna },
  'cache-invalidate-all': { 'All are read anew': {} },
  placements: { 'All placements': {} },
  'placement-set': {
    'Home by taste, then what is trending': {
      path: { name: 'home' },
      body: {
        sources: [
          { source: 'als', weight: 1 },
          { source: 'trending', weight: 0.2 },
        ],
        boosts: [{ name: 'own brand', expression: 'brand = "Acme"', factor: 1.2 }],
      },
    },
  },
  'placement-reset': { 'Home as it was at first': { path: { name: 'home' } } },
  'batch-schedule': { 'As the app’s settings have it': {} },
  'batch-schedule-set': {
    'A refresh every hour, the lake at night': {
      body: { schedules: { refresh: { every_seconds: 3600 }, lake: { cron: '0 30 2 * * *' } } },
    },
  },
  configuration: { 'As the environment has it': {} },
  'configuration-set': {
    'Longer exports, no lists by events': { body: { settings: { EXPORT_LIMIT: 25, ACTIVE_LISTS: 'off' } } },
  },
  'configuration-reset': { 'As the environment has it again': { path: { name: 'EXPORT_LIMIT' } } },
  keys: { 'All keys': {} },
  'key-create': {
    'A key for the till': { body: { name: 'Till', roles: ['writer'], expires_at: '2027-01-01T00:00:00Z' } },
  },
  'key-delete': { 'The till’s key': { path: { id: '0123456789ab' } } },
  'shopper-token': {
    'For Anna, who came by a session': { body: { user_id: 'anna', session_id: 's1', seconds: 600 } },
    'For a visitor': { body: { session_id: 's1' } },
  },
  'recommend-batch': { 'Lists of two users': { body: { users: ['anna', 'nobody'], limit: 1 } } },
  exports: { 'The newest exports': { query: { limit: '5' } } },
  export: { 'An export that there is not': { path: { job: 'export-0123456789abcdef' } } },
  'export-file': {
    'A file of no export': { path: { job: 'export-0123456789abcdef', file: 'part-000000000.csv' } },
  },
  model: { 'The model that is live': { path: { version: 'v2' } } },
  'health-live': { 'Is it up?': {} },
  'health-ready': { 'While the model is not in memory yet': {} },
  metadata: { 'What is running': {} },
  costs: { 'This month': {} },
  metrics: { 'For Prometheus': {} },
  health: { 'A shop that is ready': {} },
  openapi: { 'The document': {} },
  docs: { 'The page': {} },
  'docs-errors': { 'The page': {} },
  'docs-asset': { 'The rules of the pages': { path: { file: 'docs.css' } } },
}
