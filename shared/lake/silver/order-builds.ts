import type { RuledBuild } from '../build/ruled-build.ts'
import { bronzeOrderItems, bronzeOrders } from '../tables/bronze-tables.ts'
import { silverOrderHeaders, silverOrderLines, silverProducts } from '../tables/silver-tables.ts'
import { orderHeadersRules } from './order-headers-rules.ts'
import { orderLinesRules } from './order-lines-rules.ts'

export const orderHeadersBuild: Omit<RuledBuild, 'prelude'> = {
  table: silverOrderHeaders,
  sources: [bronzeOrders],
  references: [],
  rules: orderHeadersRules,
  key: 'order_id',
}

export const orderLinesBuild: Omit<RuledBuild, 'prelude'> = {
  table: silverOrderLines,
  sources: [bronzeOrders, bronzeOrderItems],
  references: [silverOrderHeaders, silverProducts],
  rules: orderLinesRules,
  key: 'line_key',
}
