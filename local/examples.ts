import { z } from 'zod'
import { getJson } from './api-client.ts'

const List = z.object({
  items: z.array(
    z.object({
      item_id: z.string(),
      name: z.string(),
      category: z.string(),
      price: z.number(),
      score: z.number(),
      reason: z.object({ text: z.string() }),
    }),
  ),
  model_version: z.string().nullable(),
})

/** Prints where everything is and three answers of the running API, each with the command that gives it. */
export async function printExamples(url: string, user: string | undefined): Promise<void> {
  const trending = List.parse(await getJson(`${url}/api/trending?limit=3`))
  const item = trending.items[0]?.item_id
  console.log(`\nSidecart is up: ${url}   (model ${trending.model_version ?? 'none yet'})`)
  console.log(`
  GET  /recommend/user/{id}   a user's list            GET  /api/products          the catalogue
  GET  /recommend/item/{id}   what goes with an item   GET  /api/products/{id}     one product
  GET  /rules/{id}            bought together          GET  /api/users/{id}/profile what is known of a user
  GET  /api/trending          what is wanted now       POST /api/interactions      what shoppers do
  GET  /health                is it up                 POST /api/batch/trigger     refresh now
  GET  /api/batch/status      how far the job is       GET  /api/batch/jobs, /api/batch/logs/{job}`)
  for (const path of [
    ...(user === undefined ? [] : [`/recommend/user/${encodeURIComponent(user)}?limit=3`]),
    ...(item === undefined ? [] : [`/recommend/item/${encodeURIComponent(item)}?limit=3`]),
    '/api/trending?limit=3',
  ]) {
    console.log(`\n$ curl '${url}${path}'`)
    const { items } = List.parse(await getJson(`${url}${path}`))
    for (const { name, category, price, score, reason } of items) {
      console.log(`  ${score.toFixed(3)}  ${name} (${category}, ${price.toFixed(2)}): ${reason.text}`)
    }
  }
}
