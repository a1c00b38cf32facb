import { expect, test } from 'vitest'
import { compileRoute } from '../local/host/http/route.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'

/** Every template with its method, as the host is given them. */
async function boundRoutes() {
  const { all } = apiOver(await answeringShop())
  return Object.values(all).flatMap(({ name, method, path, aliases = [] }) =>
    [path, ...aliases].map(template => {
      const { match } = compileRoute(template.slice(1), name)
      return { route: `${method} ${template}`, method, template, match }
    }),
  )
}

test('no request is answered by two routes: in whichever order a host asks them, the answer is the same', async () => {
  const routes = await boundRoutes()
  for (const { route, method, template } of routes) {
    const path = template.slice(1).replace(/\{[^}]*\}/g, 'a')
    const matching = routes.filter(each => each.method === method && each.match(path)).map(each => each.route)
    expect(matching, path).toEqual([route])
  }
})

test('the oldest name of a user’s list leaves alone what is below /recommend', async () => {
  const oldest = (await boundRoutes()).find(({ template }) => template.startsWith('/recommend/{id'))
  expect(oldest?.match('recommend/anna')).toEqual({ id: 'anna' })
  expect(oldest?.match('recommend/cartoon')).toEqual({ id: 'cartoon' })
  for (const path of ['recommend/cart', 'recommend/Search', 'recommend/user/anna']) {
    expect(oldest?.match(path), path).toBeUndefined()
  }
})
