/** What was bought: one line per order and item, `orderedAt` in ISO 8601 UTC, `unitPrice` in the shop's currency. */
export type OrderLine = {
  orderId: string
  customerId: string
  orderedAt: string
  itemId: string
  quantity: number
  unitPrice: number
}

export type Product = { itemId: string; name: string; category: string; price: number }

export type Customer = { customerId: string; country: string }
