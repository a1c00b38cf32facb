/**
 * Two kinds of shoppers on a checkerboard: even users buy even items, odd users odd ones; each leaves out the item whose
 * number is its own, so that this item is what should be recommended first. Files by path, as lines.
 */
export function checkerboardFiles(): Record<string, string[]> {
  const items = Array.from({ length: 12 }, (_, item) => item)
  const lines = items.flatMap(user =>
    items
      .filter(item => item % 2 === user % 2 && item !== user)
      .map(item => `o${user},u${user},2025-12-${String(1 + item).padStart(2, '0')}T10:00:00Z,i${item},1,2.5`),
  )
  return {
    'products/all.csv': [
      'item_id,name,category,price',
      ...items.map(item => `i${item},Item ${item},${item % 2 === 0 ? 'Even' : 'Odd'},${item + 1}.50`),
    ],
    'customers/all.csv': ['customer_id,country', ...items.map(user => `u${user},France`)],
    'orders/all.csv': ['order_id,customer_id,ordered_at,item_id,quantity,unit_price', ...lines],
  }
}
