import type { RuledBuild } from '../build/ruled-build.ts'
import {
  bronzeCatalogChanges,
  bronzeCustomers,
  bronzeInteractions,
  bronzeOrderItems,
  bronzeOrders,
  bronzeProducts,
  bronzeRatings,
} from '../tables/bronze-tables.ts'
import {
  silverCustomers,
  silverInteractions,
  silverLogins,
  silverOrderHeaders,
  silverOrderLines,
  silverProducts,
  silverRatings,
} from '../tables/silver-tables.ts'
import { customersRules } from './customers-rules.ts'
import { interactionsRules, loginsRules } from './interactions-rules.ts'
import { orderHeadersRules } from './order-headers-rules.ts'
import { orderLinesRules } from './order-lines-rules.ts'
import { productsRules } from './products-rules.ts'
import { ratingsRules } from './ratings-rules.ts'

type Build = Omit<RuledBuild, 'prelude'>

export const productsBuild: Build = {
  table: silverProducts,
  sources: [bronzeProducts, bronzeCatalogChanges],
  references: [],
  rules: productsRules,
  key: 'merged',
}

export const customersBuild: Build = {
  table: silverCustomers,
  sources: [bronzeCustomers, bronzeCatalogChanges],
  references: [],
  rules: customersRules,
  key: 'merged',
}

export const orderHeadersBuild: Build = {
  table: silverOrderHeaders,
  sources: [bronzeOrders],
  references: [],
  rules: orderHeadersRules,
  key: 'order_id',
}

export const orderLinesBuild: Build = {
  table: silverOrderLines,
  sources: [bronzeOrders, bronzeOrderItems],
  references: [silverOrderHeaders, silverProducts],
  rules: orderLinesRules,
  key: 'line_key',
}

export const ratingsBuild: Build = {
  table: silverRatings,
  sources: [bronzeRatings, bronzeInteractions],
  references: [],
  rules: ratingsRules,
  key: 'merged',
}

export const loginsBuild: Build = {
  table: silverLogins,
  sources: [bronzeInteractions],
  references: [],
  rules: loginsRules,
  key: 'event_id',
}

export const interactionsBuild: Build = {
  table: silverInteractions,
  sources: [bronzeInteractions],
  references: [],
  rules: interactionsRules,
  key: 'event_id',
}
