import { z } from 'zod'
import { type Api, getJson } from './api-client.ts'

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

/** Prints where everything is, how to come by a token, and three answers of the running API, each with its command. */
export async function printExamples(api: Api, issuer: string, user: string | undefined): Promise<void> {
  const { url } = api
  const trending = List.parse(await getJson(api, `/api/trending?limit=3`))
  const item = trending.items[0]?.item_id
  console.log(`\nSidecart is up: ${url}   (model ${trending.model_version ?? 'none yet'}), tokens are at ${issuer}`)
  console.log(`
  GET  /recommend/user/{id}   a user's list            GET  /api/products          the catalogue
  GET  /recommend/item/{id}   what goes with an item   GET  /api/products/{id}     one product
  GET  /rules/{id}            bought together          GET  /api/users/{id}/profile  what is known of a user
  GET  /api/trending          what is wanted now       POST /api/interactions      what shoppers do
  GET  /health                is it up                 POST /api/batch/trigger     refresh now
  GET  /api/batch/status      how far the job is       GET  /docs                  all there is, to try`)
  console.log(`\n$ TOKEN=$(curl -s '${issuer}/token?role=admin')`)
  for (const path of [
    ...(user === undefined ? [] : [`/recommend/user/${encodeURIComponent(user)}?limit=3`]),
    ...(item === undefined ? [] : [`/recommend/item/${encodeURIComponent(item)}?limit=3`]),
    '/api/trending?limit=3',
  ]) {
    console.log(`\n$ curl -H "authorization: Bearer $TOKEN" '${url}${path}'`)
    const { items } = List.parse(await getJson(api, path))
    for (const { name, category, price, score, reason } of items) {
      console.log(`  ${score.toFixed(3)}  ${name} (${category}, ${price.toFixed(2)}): ${reason.text}`)
    }
  }
}
