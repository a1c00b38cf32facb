import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILES = {
  'shop.json': JSON.stringify({
    name: 'Tiny shop',
    source: 'made for tests',
    licence: 'MIT',
    attribution: 'none',
    currency: 'GBP',
    shift_dates_to_now: true,
  }),
  'orders.csv': `order_id,customer_id,ordered_at,item_id,quantity,unit_price
1,anna,2011-11-01T10:00:00Z,mug,2,4.5
1,anna,2011-11-01T10:00:00Z,bowl,1,3
2,ben,2011-11-08T16:30:00Z,lamp,1,20
`,
  'products.csv': `item_id,name,category,price
mug,"Mug, ""blue""",Kitchen,4.5
bowl,Bowl,Kitchen,3
plate,Plate,Kitchen,5
lamp,Lamp,Lighting,20
`,
  'customers.csv': `customer_id,country
anna,France
ben,EIRE
`,
}

/** Writes a data directory of three order lines, small enough to check by eye. */
export async function writeTinyShop(dir: string): Promise<void> {
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(dir, file), text)
}
