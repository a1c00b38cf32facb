// The process in which `npm start` loads a shop: reading its files and the SDK take 200 MB that nobody needs afterwards.
import { z } from 'zod'
import { serveTask } from '../task-process.ts'
import { loadShop } from './load-shop.ts'

const Input = z.object({
  api: z.object({ url: z.string(), token: z.string() }),
  blobConnectionString: z.string(),
  dataDir: z.string(),
})
const faultsShownMax = 10

serveTask(async input => {
  const { files, events, faults, latestCustomer } = await loadShop({ ...Input.parse(input), now: new Date() })
  for (const { blob, rows } of files) console.log(`  landing/${blob}: ${rows.toLocaleString('en')} rows`)
  console.log(`  ${events.accepted.toLocaleString('en')} generated browsing events through the hub`)
  for (const { file, row, column, value, reason } of faults.slice(0, faultsShownMax)) {
    console.log(`  ${file} row ${row}: ${column} ${reason}: current value is ${JSON.stringify(value)}`)
  }
  return { latestCustomer }
})
