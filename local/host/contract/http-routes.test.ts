import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rule = contract({
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger',
  routing: 'https://learn.microsoft.com/aspnet/core/fundamentals/routing',
  matcher: 'https://github.com/dotnet/aspnetcore/blob/main/src/Http/Routing/src/Template/TemplateMatcher.cs',
  home: 'https://learn.microsoft.com/azure/azure-functions/functions-app-settings#azurewebjobsdisablehomepage',
  encodedSlash: 'https://github.com/Azure/azure-functions-host/issues/9290',
  conversion:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs',
})

let host: HostUnderTest
beforeAll(async () => {
  host = await hostUnderTest()
})
afterAll(() => host.close())

const status = async (path: string, method = 'GET') => (await host.call(path, { method })).status
const paramsOf = async (path: string) => {
  const { status, body } = await rawRequest(host.url, { path })
  return status === 200 ? JSON.parse(body).params : status
}

rule('trigger', 'a function is found under the route prefix api, and nowhere else', async () => {
  expect([await status('/api/ping'), await status('/ping'), await status('/api/unknown')]).toEqual([200, 404, 404])
})
rule('home', 'the address of the app itself tells that it runs', async () => {
  const home = await host.call('/')
  expect([home.status, home.headers.get('content-type')]).toEqual([200, 'text/html'])
})
rule('trigger', 'a function without a route is found under its name', async () => {
  expect(await (await host.call('/api/files/special')).text()).toBe('special')
  expect(await status('/api/ping')).toBe(200)
})
rule('routing', 'literals of a route match in any case', async () => {
  expect(await status('/API/Ping')).toBe(200)
})
rule('matcher', 'a slash at the end of a path is ignored, an empty segment is not', async () => {
  expect([await status('/api/ping/'), await status('/api//ping')]).toEqual([200, 404])
})
rule('trigger', 'a method the function does not name is no match: 404', async () => {
  expect([await status('/api/ping', 'POST'), await status('/api/ping', 'DELETE')]).toEqual([404, 404])
})
rule('trigger', 'HEAD and OPTIONS are methods like any other: a function of GET does not match them', async () => {
  expect([await status('/api/ping', 'HEAD'), await status('/api/ping', 'OPTIONS')]).toEqual([404, 404])
  expect([await status('/api/inspect', 'HEAD'), await status('/api/inspect', 'OPTIONS')]).toEqual([200, 200])
})
rule('trigger', 'a function that names no methods answers GET and POST', async () => {
  const statuses = ['GET', 'POST', 'PUT'].map(method => status('/api/default-methods', method))
  expect(await Promise.all(statuses)).toEqual([200, 200, 404])
})
rule('trigger', 'an optional parameter may be absent, and is then no parameter at all', async () => {
  expect(await paramsOf('/api/inspect/a/b')).toEqual({ first: 'a', second: 'b' })
  expect(await paramsOf('/api/inspect/a')).toEqual({ first: 'a' })
  expect(await paramsOf('/api/inspect')).toEqual({})
})
rule('routing', 'an absent parameter with a default has that default', async () => {
  expect(await (await host.call('/api/defaulted')).text()).toBe('5')
  expect(await (await host.call('/api/defaulted/7')).text()).toBe('7')
  expect(await status('/api/defaulted/x')).toBe(404)
})
rule('routing', 'a catch-all parameter takes the rest of the path with its slashes', async () => {
  expect(await (await host.call('/api/rest/a/b.txt')).json()).toEqual({ path: 'a/b.txt' })
})
rule('matcher', 'a catch-all parameter without a rest has no value', async () => {
  expect(await (await host.call('/api/rest')).json()).toEqual({})
})
rule('routing', 'parameters are decoded', async () => {
  expect(await paramsOf('/api/inspect/a%20b/%C3%A9')).toEqual({ first: 'a b', second: 'é' })
})
rule('encodedSlash', '%2F in a parameter stays as it is', async () => {
  expect(await paramsOf('/api/inspect/a%2Fb')).toEqual({ first: 'a%2Fb' })
})
rule('conversion', 'the parameters carry the names and the case of the template', async () => {
  expect(await paramsOf('/API/INSPECT/Value')).toEqual({ first: 'Value' })
})
rule('routing', 'of several functions whose routes match, one answers, always the same', async () => {
  const answers = await Promise.all(['/api/files/special', '/api/files/special'].map(path => host.call(path)))
  expect(await Promise.all(answers.map(answer => answer.text()))).toEqual(['special', 'special'])
})

const constrained = [
  ['alpha', 'abcXYZ', 'ab1'],
  ['datetime', '2026-02-28', '2026-02-30'],
  ['guid', '3F2504E0-4F89-11D3-9A0C-0305E82C3301', '3F2504E0'],
  ['length', 'abc', 'abcd'],
  ['max', '9', '10'],
  ['min', '5', '4'],
  ['range', '4', '5'],
  ['regex', 'A12', 'b12'],
] as const
for (const [name, accepted, refused] of constrained) {
  rule('routing', `the constraint ${name} lets ${accepted} through, and ${refused} is no match`, async () => {
    const answer = await host.call(`/api/typed/${name}/${accepted}`)
    expect([answer.status, await answer.text()]).toEqual([200, accepted])
    expect(await status(`/api/typed/${name}/${refused}`)).toBe(404)
  })
}
rule('trigger', 'the constraint int refuses what is no 32-bit number', async () => {
  expect(await status('/api/echo/12')).toBe(201)
  expect([await status('/api/echo/x'), await status('/api/echo/99999999999')]).toEqual([404, 404])
})
