import type { Item } from '../../../schemas/catalogue.ts'

/** What is known of a request when rules are asked; what is absent is not known. */
export interface RequestFacts {
  channel?: string | undefined
  region?: string | undefined
  /** In years. */
  age?: number | undefined
  segment?: string | undefined
  /** Of the page, or of its item. */
  category?: string | undefined
  /** Of the page's item. */
  price?: number | undefined
  country?: string | undefined
  device?: string | undefined
  nowMs: number
}

export type Value = string | number | boolean | readonly string[]
export type ValueType = 'text' | 'number' | 'boolean' | 'list'
type Read = (item: Item, about: RequestFacts) => Value | undefined

/** Something an expression can name; where `values` is given, it has no others. */
export interface Field {
  type: ValueType
  read: Read
  values?: readonly string[]
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** January 1st 1970 was a Thursday. */
const weekdays = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'] as const

/** Every field of an item and every fact of a request, by the name that expressions have for it. Days and hours are UTC. */
export const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['item_id', { type: 'text', read: item => item.id }],
  ['name', { type: 'text', read: item => item.name }],
  ['category', { type: 'text', read: item => item.category }],
  ['brand', { type: 'text', read: item => item.brand }],
  ['price', { type: 'number', read: item => item.price }],
  ['margin', { type: 'number', read: item => item.margin }],
  ['tags', { type: 'list', read: item => item.tags }],
  ['channels', { type: 'list', read: item => item.channels }],
  ['regions', { type: 'list', read: item => item.regions }],
  ['min_age', { type: 'number', read: item => item.min_age }],
  ['in_stock', { type: 'boolean', read: item => item.in_stock }],
  [
    'added_days',
    {
      type: 'number',
      read: ({ added_at }, { nowMs }) => (added_at === undefined ? undefined : (nowMs - added_at) / dayMs),
    },
  ],
  ['$channel', { type: 'text', read: (_, { channel }) => channel }],
  ['$region', { type: 'text', read: (_, { region }) => region }],
  ['$age', { type: 'number', read: (_, { age }) => age }],
  ['$segment', { type: 'text', read: (_, { segment }) => segment }],
  ['$category', { type: 'text', read: (_, { category }) => category }],
  ['$price', { type: 'number', read: (_, { price }) => price }],
  ['$country', { type: 'text', read: (_, { country }) => country }],
  ['$device', { type: 'text', read: (_, { device }) => device }],
  ['$hour', { type: 'number', read: (_, { nowMs }) => Math.floor((nowMs % dayMs) / hourMs) }],
  [
    '$weekday',
    { type: 'text', values: weekdays, read: (_, { nowMs }) => weekdays[Math.floor(nowMs / dayMs) % weekdays.length] },
  ],
])
