import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { customers, products } from './catalogue.ts'
import { csvText } from './csv-text.ts'
import { orderLines } from './order-lines.ts'
import { type SourceLine, sourceLines } from './source-lines.ts'

const USAGE = `Cuts the sample shop out of UCI Online Retail.

  node local/sample/cut-online-retail.ts --source <online_retail.csv.gz> [--out data] [--share 0.25]

  --source  the complete dataset as gzipped CSV
  --out     folder for orders.csv, products.csv and customers.csv (default data)
  --share   share of customers kept, chosen by a hash of their id (default 0.25)`

/** Writes the three files of the cut; the same source and share give the same bytes. */
async function cutOnlineRetail({ source, out, share }: { source: string; out: string; share: number }) {
  const lines: SourceLine[] = []
  for await (const line of sourceLines(source)) lines.push(line)
  const orders = orderLines(lines.filter(line => hashShare(line.customerId) < share))
  const cut = {
    orders,
    products: products(lines, new Set(orders.map(line => line.itemId))),
    customers: customers(lines, new Set(orders.map(line => line.customerId))),
  }
  await mkdir(out, { recursive: true })
  await writeFile(
    join(out, 'orders.csv'),
    csvText(
      ['order_id', 'customer_id', 'ordered_at', 'item_id', 'quantity', 'unit_price'],
      cut.orders.map(line => [
        line.orderId,
        line.customerId,
        line.orderedAt,
        line.itemId,
        String(line.quantity),
        line.unitPrice.toFixed(2),
      ]),
    ),
  )
  await writeFile(
    join(out, 'products.csv'),
    csvText(
      ['item_id', 'name', 'category', 'price'],
      cut.products.map(product => [product.itemId, product.name, product.category, product.price.toFixed(2)]),
    ),
  )
  await writeFile(
    join(out, 'customers.csv'),
    csvText(
      ['customer_id', 'country'],
      cut.customers.map(customer => [customer.customerId, customer.country]),
    ),
  )
  return cut
}

/** Maps an id to [0, 1), the same on every machine, so that a customer is in or out with all their orders. */
function hashShare(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32
}

const { values } = parseArgs({
  options: {
    source: { type: 'string' },
    out: { type: 'string', default: 'data' },
    share: { type: 'string', default: '0.25' },
    help: { type: 'boolean', default: false },
  },
})
const share = Number(values.share)
if (values.help) {
  console.log(USAGE)
} else if (values.source === undefined || !(share > 0 && share <= 1)) {
  const fault = values.source === undefined ? '--source is missing' : `--share must be in (0, 1]: it is ${values.share}`
  console.error(`${fault}\n\n${USAGE}`)
  process.exitCode = 1
} else {
  const cut = await cutOnlineRetail({ source: values.source, out: values.out, share })
  console.log(
    `${cut.orders.length} order lines, ${cut.products.length} products, ${cut.customers.length} customers in ${values.out}`,
  )
}
